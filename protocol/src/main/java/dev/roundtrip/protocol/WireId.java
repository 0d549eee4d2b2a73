package dev.roundtrip.protocol;

import org.jspecify.annotations.Nullable;

/** How topics and payloads name a call: {@code <instance>/<id>}, or the id alone. Callers and logs see the id alone.
 *
 * @param instance the connection that hears the answer; null where the answer is addressed to the call alone
 * @param id the call
 */
public record WireId(@Nullable Instance instance, MessageId id) {

    /** The name of a call without an instance. */
    public static WireId of(MessageId id) {
        return new WireId(null, id);
    }

    /** Reads either form.
     *
     * @throws MalformedNameException when the text is neither
     */
    public static WireId of(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? of(MessageId.of(text))
                : new WireId(new Instance(text.substring(0, slash)), MessageId.of(text.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return instance == null ? id.toString() : instance + "/" + id;
    }
}
