package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import dev.roundtrip.mqtt.packet.ReasonCode;
import org.jspecify.annotations.Nullable;

/** Is told what becomes of each message, whoever published it: a client, a service, or the broker itself. Called on
 * event loops and partly under the broker's locks: must not block, and must not throw.
 *
 * <p>Of one message it is told {@code published} first, then {@code matched} before {@code sent} and {@code sent}
 * before {@code acknowledged} of each subscriber. A message that policies do not allow to be published is told to the
 * {@link ConnectionLog} alone. Content is not to be written to.
 */
public interface MessageListener {
    /** Keeps it to itself. */
    MessageListener NONE = new MessageListener() {
        @Override
        public void published(@Nullable String publisher, Publication content, Qos qos, ReasonCode answer) {}

        @Override
        public void matched(String subscriber, String filter, Publication content) {}

        @Override
        public void unmatched(Publication content) {}

        @Override
        public void sent(String subscriber, Publication content, Qos qos) {}

        @Override
        public void acknowledged(String subscriber, Publication content, int reason) {}

        @Override
        public void dropped(@Nullable String subscriber, Publication content, Loss why) {}
    };

    /** Why a subscriber does not get a message. */
    enum Loss {
        /** The broker, the session or the shared subscription holds as much as it may. */
        NO_ROOM("no_room"),
        EXPIRED("expired"),
        /** The subscriber may not receive the topic. */
        NOT_ALLOWED("not_allowed"),
        /** A rate of the account or of a connection is exceeded. */
        QUOTA("quota"),
        /** The subscriber does not take packets of this size, or the broker does not. */
        TOO_LARGE("too_large"),
        /** The subscriber is not connected, and nothing keeps the message for it. */
        AWAY("away"),
        /** The subscriber's session ended. */
        SESSION_ENDED("session_ended"),
        /** The message was sent, and not acknowledged in time. Perhaps the subscriber got it. */
        UNACKNOWLEDGED("unacknowledged"),
        /** No member of a shared subscription could have it. */
        NO_MEMBER("no_member");

        private final String word;

        Loss(String word) {
            this.word = word;
        }

        /** The name in lower case, always the same object. */
        public String word() {
            return word;
        }
    }

    /** A message was published. Nobody gets the message when the answer is an error.
     *
     * @param publisher the client id; null for a service, and for the broker itself
     * @param answer what the PUBACK says, or would say
     */
    void published(@Nullable String publisher, Publication content, Qos qos, ReasonCode answer);

    /** A message matched a subscription. With a shared subscription the subscriber is the member that gets the message.
     * A direct message needs no subscription.
     *
     * @param filter as the client wrote it
     */
    void matched(String subscriber, String filter, Publication content);

    /** Nobody subscribes to the message's topic, or its publisher alone does with the option No Local. */
    void unmatched(Publication content);

    /** A message is about to leave on the subscriber's connection; also when it is sent again.
     *
     * @param qos of the delivery
     */
    void sent(String subscriber, Publication content, Qos qos);

    /** The subscriber acknowledged a message.
     *
     * @param reason of the PUBACK, 0 to 255; a refusal from 128 on
     */
    void acknowledged(String subscriber, Publication content, int reason);

    /** A subscriber does not get a message, or perhaps does not.
     *
     * @param subscriber null for everybody, and for the members of a shared subscription
     */
    void dropped(@Nullable String subscriber, Publication content, Loss why);
}
