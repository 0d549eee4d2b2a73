package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.topic.ServiceTopics;
import dev.roundtrip.mqtt.topic.SubscriptionTree;
import dev.roundtrip.mqtt.topic.TopicFilter;
import dev.roundtrip.mqtt.topic.TopicRules;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The services behind a broker's reserved topics, and which topic belongs to whom. Thread-safe; finding the owner of a
 * topic takes no lock, and costs as much with many services as with one.
 */
final class ReservedServices {
    private final SubscriptionTree<Owned> tree = new SubscriptionTree<>();
    private final List<Owned> owned = new CopyOnWriteArrayList<>();

    private final List<ReservedTopicService> services = new CopyOnWriteArrayList<>();

    private record Owned(TopicFilter template, ReservedTopicService owner) {}

    /** Adds a service.
     *
     * @throws IllegalArgumentException when one of its topics cannot be owned, or may be one of another service's; then
     *     nothing is added
     */
    synchronized void add(ReservedTopicService service) {
        List<Owned> added = service.requests().stream()
                .map(template -> new Owned(template(template), service))
                .toList();
        for (Owned one : added) {
            for (Owned known : owned) {
                if (overlap(one.template.filter(), known.template.filter())) {
                    throw new IllegalArgumentException(
                            "two services own topics of " + one.template.text() + " and of " + known.template.text());
                }
            }
        }
        added.forEach(one -> tree.add(one.template, one));
        owned.addAll(added);
        services.add(service);
    }

    private static TopicFilter template(String text) {
        return TopicFilter.parse(text)
                .filter(filter -> TopicRules.isOwnable(filter.text()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "a service cannot own " + text + ": a topic below $aws/, not of events or rules, is wanted"));
    }

    private static boolean overlap(String one, String other) {
        String[] levels = one.split("/", -1);
        String[] others = other.split("/", -1);
        if (levels.length != others.length) {
            return false;
        }
        for (int i = 0; i < levels.length; i++) {
            if (!levels[i].equals(others[i]) && !levels[i].equals("+") && !others[i].equals("+")) {
                return false;
            }
        }
        return true;
    }

    /** The service that takes what is published to a topic; null when none does. No service takes what services say. */
    @Nullable ReservedTopicService ownerOf(String topic) {
        if (!TopicRules.isReserved(topic) || owned.isEmpty()) {
            return null;
        }
        List<Owned> matching = tree.match(topic);
        return matching.isEmpty() || ServiceTopics.contains(topic) ? null : matching.getFirst().owner;
    }

    /** Tells whether each service lets clients subscribe to a filter. */
    boolean maySubscribe(TopicFilter filter) {
        return !TopicRules.isReserved(filter.filter())
                || services.stream().allMatch(service -> service.maySubscribe(filter.filter()));
    }

    /** Tells each service that a client has subscribed to a filter. Those of calls, which do not begin with {@code $},
     * cost one comparison.
     */
    void subscribed(String requested) {
        if (requested.startsWith("$")) {
            TopicFilter.parse(requested)
                    .map(TopicFilter::filter)
                    .filter(TopicRules::isReserved)
                    .ifPresent(filter -> services.forEach(service -> service.subscribed(filter)));
        }
    }
}
