package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.WireId;
import java.util.Collection;

/** How answers are listened to on one channel. Thread-safe. */
sealed interface AckSubscription permits PerCall, Wildcard {

    /** Makes a fresh channel ready, so that the first call finds it warm.
     *
     * @param waiting calls that were sent over an earlier channel and still wait
     * @throws MqttException when the broker refuses, or does not answer before the deadline
     */
    void open(Collection<MessageId> waiting, Deadline deadline) throws MqttException;

    /** Listens for the answers to these calls, too, and no longer for those that this was opened with and that have
     * ended.
     *
     * @param waiting the calls that wait now
     * @throws MqttException when the broker refuses, or does not answer before the deadline
     */
    void follow(Collection<MessageId> waiting, Deadline deadline) throws MqttException;

    /** An id that nobody else gets, if possible one that is listened for already. Never blocks. */
    MessageId claim();

    /** Returns when the answer to a call would be heard.
     *
     * @throws MqttException when the broker refuses, or does not answer before the deadline, or the answer is addressed
     *     to an instance that is not this channel's
     */
    void listen(WireId call, Deadline deadline) throws MqttException;

    /** A command was sent: there is time to prepare for the next one. Never blocks. */
    void sent();

    /** Nobody waits for this answer any more. Never blocks. */
    void release(MessageId id);

    /** Asks the broker for a sign of life that it cannot give without a working connection.
     *
     * @throws MqttException when it does not come before the deadline
     */
    void verify(Deadline deadline) throws MqttException;
}
