package dev.roundtrip.protocol;

import java.util.Optional;

/** The whole addressing scheme: both topics of a call are the same four names in two orders.
 *
 * <p>A route may be too long for a topic: {@link #requestTopic()} and {@link #answerTopic()} tell.
 *
 * @param prefix the deployment that asks
 * @param id the call
 * @param target the device that shall answer
 * @param method what it shall do
 */
public record Route(ClientPrefix prefix, MessageId id, Target target, Method method) {
    private static final String ACK = "ack";

    /** Where the request goes: {@code <target>/<method>/<prefix>/<id>}.
     *
     * @throws MalformedNameException when the four names together exceed {@link Topic#MAX_BYTES}
     */
    public Topic requestTopic() {
        return new Topic(target + "/" + method + "/" + prefix + "/" + id);
    }

    /** Where the answer returns: {@code <prefix>/<id>/<target>/<method>/ack}.
     *
     * @throws MalformedNameException when the four names together exceed {@link Topic#MAX_BYTES}
     */
    public Topic answerTopic() {
        return new Topic(prefix + "/" + id + "/" + target + "/" + method + "/" + ACK);
    }

    /** Reads the topic of a request; empty when it is none. */
    public static Optional<Route> ofRequestTopic(String topic) {
        String[] levels = topic.split("/", -1);
        if (levels.length != 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Route(
                    new ClientPrefix(levels[2]),
                    MessageId.of(levels[3]),
                    new Target(levels[0]),
                    new Method(levels[1])));
        } catch (MalformedNameException notOurs) {
            return Optional.empty();
        }
    }

    /** The filter for every answer to one call, whatever device and method it will name: {@code <prefix>/<id>/+/+/ack}.
     */
    public static String answersTo(ClientPrefix prefix, MessageId id) {
        return prefix + "/" + id + "/+/+/" + ACK;
    }

    /** The filter for every answer to one deployment: {@code <prefix>/+/+/+/ack}. */
    public static String answersTo(ClientPrefix prefix) {
        return prefix + "/+/+/+/" + ACK;
    }

    /** The filter for every request to one device: {@code <target>/#}. */
    public static String requestsTo(Target target) {
        return target + "/#";
    }
}
