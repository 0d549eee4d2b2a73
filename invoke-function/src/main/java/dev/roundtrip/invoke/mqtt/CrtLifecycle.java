package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions;
import software.amazon.awssdk.crt.mqtt5.NegotiatedSettings;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.PublishReturn;
import software.amazon.awssdk.crt.mqtt5.packets.DisconnectPacket;

/** What the CRT's client tells of one connection: that it came up or not, was heard, was lost, has stopped.
 * Thread-safe.
 *
 * <p>The CRT would connect again by itself. It must not: a new connection hears nothing of what was subscribed on the
 * old one.
 */
final class CrtLifecycle implements Mqtt5ClientOptions.LifecycleEvents, Mqtt5ClientOptions.PublishEvents {
    /** How long an orderly disconnect may take before the client is dropped. */
    private static final Duration STOP_LIMIT = Duration.ofMillis(500);

    private enum State {
        CONNECTING,
        OPEN,
        LEAVING,
        LOST,
        CLOSING
    }

    private final MqttChannel.Listener listener;
    private final CompletableFuture<NegotiatedSettings> connected = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
    private final Clocks clocks;
    private volatile Clocks.Moment alive;
    private final AtomicReference<State> state = new AtomicReference<>(State.CONNECTING);

    CrtLifecycle(MqttChannel.Listener listener, Clocks clocks) {
        this.listener = listener;
        this.clocks = clocks;
        this.alive = clocks.now();
    }

    NegotiatedSettings awaitConnected(Deadline deadline) throws MqttException {
        try {
            return connected.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException silent) {
            throw new MqttException(MqttException.Kind.UNAVAILABLE, "the broker did not answer in time");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof MqttException refused
                    ? refused
                    : new MqttException(MqttException.Kind.UNAVAILABLE, "the broker could not be reached");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MqttException(MqttException.Kind.UNAVAILABLE, "the function is stopping");
        }
    }

    Clocks.Moment now() {
        return clocks.now();
    }

    /** The broker answered what it was asked then: it was there at that moment. An answer may lie in this machine for
     * as long as the process is frozen.
     */
    synchronized void answered(Clocks.Moment asked) {
        if (asked.nanos() - alive.nanos() > 0) {
            alive = asked;
        }
    }

    /** By the clock that says more: one of them may stand still while a machine is frozen, and being wrong costs no
     * more than a sign of life.
     */
    long silentNanos() {
        return clocks.longestSince(alive);
    }

    boolean isOpen() {
        return state.get() == State.OPEN;
    }

    /** Whether messages may still come: also while it is asked for nothing more. */
    boolean isConnected() {
        State now = state.get();
        return now == State.OPEN || now == State.LEAVING;
    }

    /** From now on it is asked for nothing more, but may still tell. */
    void beginLeaving() {
        state.compareAndSet(State.OPEN, State.LEAVING);
    }

    /** @return whether nobody else closes it */
    boolean beginClosing() {
        return state.getAndSet(State.CLOSING) != State.CLOSING;
    }

    /** Disconnects in order, and waits for that a little. */
    void stop(Mqtt5Client client) {
        client.stop(new DisconnectPacket.DisconnectPacketBuilder()
                .withReasonCode(DisconnectPacket.DisconnectReasonCode.NORMAL_DISCONNECTION)
                .build());
        try {
            stopped.get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException unwilling) {
            // Closing the client drops the connection all the same.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onMessageReceived(Mqtt5Client client, PublishReturn message) {
        boolean awaited = listener.received(
                message.getPublishPacket().getTopic(),
                message.getPublishPacket().getPayload());
        if (awaited) {
            // While a call waits, nobody freezes the process.
            answered(now());
        }
    }

    @Override
    public void onAttemptingConnect(Mqtt5Client client, OnAttemptingConnectReturn attempt) {}

    @Override
    public void onConnectionSuccess(Mqtt5Client client, OnConnectionSuccessReturn success) {
        if (state.compareAndSet(State.CONNECTING, State.OPEN)) {
            connected.complete(success.getNegotiatedSettings());
        }
    }

    @Override
    public void onConnectionFailure(Mqtt5Client client, OnConnectionFailureReturn failure) {
        String refusal = failure.getConnAckPacket() == null
                ? CrtMqttChannel.describe(failure.getErrorCode())
                : String.valueOf(failure.getConnAckPacket().getReasonCode());
        connected.completeExceptionally(new MqttException(
                MqttException.Kind.UNAVAILABLE, "the broker could not be reached, or refused (" + refusal + ")"));
    }

    @Override
    public void onDisconnection(Mqtt5Client client, OnDisconnectionReturn disconnection) {
        State before = state.getAndUpdate(now -> now == State.OPEN || now == State.LEAVING ? State.LOST : now);
        if (before == State.OPEN || before == State.LEAVING) {
            client.stop();
            listener.lost(
                    disconnection.getDisconnectPacket() == null
                            ? CrtMqttChannel.describe(disconnection.getErrorCode())
                            : String.valueOf(disconnection.getDisconnectPacket().getReasonCode()));
        }
    }

    @Override
    public void onStopped(Mqtt5Client client, OnStoppedReturn end) {
        stopped.complete(null);
    }
}
