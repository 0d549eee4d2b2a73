package dev.roundtrip.protocol;

import java.util.Optional;

/** The whole addressing scheme: both topics of a call are the same four names in two orders.
 *
 * <p>A route may be too long for a topic: {@link #requestTopic()} and {@link #answerTopic()} tell.
 *
 * @param prefix the deployment that asks
 * @param wireId the call, and the connection that hears its answer
 * @param target the device that shall answer
 * @param method what it shall do
 */
public record Route(ClientPrefix prefix, WireId wireId, Target target, Method method) {
    private static final String ACK = "ack";

    /** The route of a call without an instance. */
    public Route(ClientPrefix prefix, MessageId id, Target target, Method method) {
        this(prefix, WireId.of(id), target, method);
    }

    /** The call. */
    public MessageId id() {
        return wireId.id();
    }

    /** Where the request goes: {@code <target>/<method>/<prefix>/<id>}, or {@code …/<prefix>/<instance>/<id>}.
     *
     * @throws MalformedNameException when the four names together exceed {@link Topic#MAX_BYTES}
     */
    public Topic requestTopic() {
        return new Topic(target + "/" + method + "/" + prefix + "/" + wireId);
    }

    /** Where the answer returns: {@code <prefix>/<id>/<target>/<method>/ack}, or {@code <prefix>/<instance>/<id>/…}.
     *
     * @throws MalformedNameException when the four names together exceed {@link Topic#MAX_BYTES}
     */
    public Topic answerTopic() {
        return new Topic(prefix + "/" + wireId + "/" + target + "/" + method + "/" + ACK);
    }

    /** Reads the topic of a request: four levels, or five of which the fourth is an instance. Empty when it is none.
     */
    public static Optional<Route> ofRequestTopic(String topic) {
        // What is behind the third slash is read as one, with or without an instance.
        String[] levels = topic.split("/", 4);
        if (levels.length != 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Route(
                    new ClientPrefix(levels[2]), WireId.of(levels[3]), new Target(levels[0]), new Method(levels[1])));
        } catch (MalformedNameException notOurs) {
            return Optional.empty();
        }
    }

    /** Reads the topic of an answer, which has five levels, or six of which the second is an instance, and ends with
     * {@code ack}; empty when it is none.
     */
    public static Optional<Route> ofAnswerTopic(String topic) {
        String[] levels = topic.split("/", 7);
        int last = levels.length - 1;
        if ((levels.length != 5 && levels.length != 6) || !levels[last].equals(ACK)) {
            return Optional.empty();
        }
        String wireId = levels.length == 5 ? levels[1] : levels[1] + "/" + levels[2];
        try {
            return Optional.of(new Route(
                    new ClientPrefix(levels[0]),
                    WireId.of(wireId),
                    new Target(levels[last - 2]),
                    new Method(levels[last - 1])));
        } catch (MalformedNameException notOurs) {
            return Optional.empty();
        }
    }

    /** The filter for every answer to one call without an instance, whatever device and method it will name: {@code
     * <prefix>/<id>/+/+/ack}.
     */
    public static String answersTo(ClientPrefix prefix, MessageId id) {
        return prefix + "/" + id + "/+/+/" + ACK;
    }

    /** The filter for every answer to one connection, which no other connection's answers match: {@code
     * <prefix>/<instance>/+/+/+/ack}.
     */
    public static String answersTo(ClientPrefix prefix, Instance instance) {
        return prefix + "/" + instance + "/+/+/+/" + ACK;
    }

    /** The filter for every answer to one deployment, except those with an instance: {@code <prefix>/+/+/+/ack}. */
    public static String answersTo(ClientPrefix prefix) {
        return prefix + "/+/+/+/" + ACK;
    }

    /** The filter for every request to one device: {@code <target>/#}. */
    public static String requestsTo(Target target) {
        return target + "/#";
    }
}
