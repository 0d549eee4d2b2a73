package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;

/** One MQTT connection, from its CONNACK to its end. A lost one never comes back: open another. Thread-safe.
 *
 * <p>Methods block the calling thread and throw {@link MqttException} alone.
 */
public interface MqttChannel extends AutoCloseable {

    /** Subscribes at QoS 1 and waits for the broker's word.
     *
     * @throws MqttException when the broker refuses, or does not answer before the deadline
     */
    void subscribe(String filter, Deadline deadline) throws MqttException;

    /** Takes a subscription back, without waiting. Never blocks. */
    void unsubscribe(String filter);

    /** Hands a command over at QoS 1 and returns; the answer may be quicker than the broker's acknowledgement, so
     * nobody waits for that.
     *
     * @param acknowledgement told when the broker later has its say; not told when nobody can know
     * @throws MqttException when the command was not handed over, and never will be
     */
    void publish(Command command, Acknowledgement acknowledgement) throws MqttException;

    /** Hears what the broker says to a command, from the client's own thread: must neither block nor publish. */
    @FunctionalInterface
    interface Acknowledgement {

        /** The broker did not take it: it was not sent. */
        void refused(InvocationResult.NotSent refusal);

        /** The broker took it; to nobody, perhaps. */
        default void accepted() {}
    }

    /** Whether the connection takes messages and is not known to be lost. Says nothing about a peer that vanished
     * without a word.
     */
    boolean isOpen();

    /** Whether messages may still come: as {@link #isOpen}, and also after {@link #leave}. */
    boolean isConnected();

    /** How long ago the broker was certainly there, in nanoseconds: when the last question was asked that it answered,
     * or when the last answer came that a
     * call waited for. Other messages may have lain in this machine since before a freeze. */
    long silentNanos();

    /** Takes no more; whatever comes is still told. */
    void leave();

    /** Takes no more, waits until the broker has confirmed the commands that it was handed, at most until the deadline,
     * and disconnects.
     */
    void retire(Deadline patience);

    /** Disconnects; after it every other method throws or does nothing. */
    @Override
    void close();

    /** Opens channels. */
    interface Connector {

        /** Opens a channel with a client id of its own.
         *
         * @param listener told of messages and of the loss
         * @throws MqttException when the broker cannot be reached, refuses, or does not answer before the deadline
         */
        MqttChannel open(Listener listener, Deadline deadline) throws MqttException;
    }

    /** What a channel tells by itself, from the client's own thread: must neither block nor publish. */
    interface Listener {

        /** A message came.
         *
         * @return whether a call waited for it
         */
        boolean received(String topic, byte[] payload);

        /** The connection was lost, for a reason other than {@link MqttChannel#close()}; also after
         * {@link MqttChannel#leave()}.
         *
         * @param why a few words for an operator
         */
        void lost(String why);
    }
}
