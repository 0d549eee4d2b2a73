package dev.roundtrip.device.shadow;

import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.DeviceFeature;
import dev.roundtrip.device.transport.TopicPublisher;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One shadow of a device: asks for it after each connect, applies what is desired, and reports. Thread-safe.
 *
 * <p>One thread of its own handles everything, one thing after the other.
 */
public final class DeviceShadow implements DeviceFeature {
    private static final Pattern NAME = Pattern.compile("[$a-zA-Z0-9:_-]{1,64}");

    private final String prefix;
    private final List<String> filters;
    private final ShadowBuilder description;
    private final ShadowThread thread;
    private final ShadowDialogue dialogue;
    private final LocalChanges changes = new LocalChanges();
    private final Inbox inbox = new Inbox();

    /** @param thing the device's name
     * @param name of the shadow; empty for the classic one
     * @param troubles told, in one sentence, what the service does not take
     */
    public DeviceShadow(
            String thing, String name, ShadowBuilder description, TopicPublisher publisher, Consumer<String> troubles) {
        this.prefix = "$aws/things/" + thing + "/shadow/" + (name.isEmpty() ? "" : "name/" + name + "/");
        this.filters = List.of(
                prefix + "get/accepted",
                prefix + "get/rejected",
                prefix + "update/accepted",
                prefix + "update/rejected",
                prefix + "update/delta");
        this.description = description;
        this.thread = new ShadowThread(thing + "-shadow", troubles);
        this.dialogue = new ShadowDialogue(
                description.agent(), new ShadowRequests(prefix, publisher), new Troubles(troubles), thread);
    }

    /** Checks the name of a named shadow.
     *
     * @param subject what the message calls it
     * @throws IllegalArgumentException when no shadow can have this name
     */
    public static void checkName(String subject, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(subject + " has 1 to 64 of a-z A-Z 0-9 : _ - $");
        }
    }

    @Override
    public List<String> filters() {
        return filters;
    }

    @Override
    public void connected() {
        thread.run(dialogue::connected);
    }

    @Override
    public void subscribed() {
        thread.run(dialogue::ask);
    }

    @Override
    public boolean deliver(Delivery delivery) {
        return deliver(delivery.topic(), delivery.payload());
    }

    /** Takes a message, if it is one of this shadow's. Never blocks.
     *
     * @return whether it is
     */
    public boolean deliver(String topic, byte[] payload) {
        if (!topic.startsWith(prefix) || !filters.contains(topic)) {
            return false;
        }
        if (inbox.add(payload)) {
            thread.run(() -> {
                inbox.remove(payload);
                dialogue.take(topic.substring(prefix.length()), payload);
            });
        } else {
            dialogue.missed();
        }
        return true;
    }

    /** Reports a change that the device made by itself. What is not confirmed is reported again after the next connect;
     * of two changes of one property the last one counts. Never blocks.
     *
     * @param value null removes the property
     * @throws IllegalArgumentException when there are too many properties, or the value is no JSON of up to 8 KB
     */
    public void report(String property, @Nullable Object value) {
        if (changes.add(property, description.tree(value))) {
            thread.run(() -> dialogue.changed(changes.take()));
        }
    }

    /** Ends the thread; a handler that runs is interrupted. */
    @Override
    public void close() {
        thread.close();
    }
}
