package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.PublishResult;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PubAckPacket.PubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubAckPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubAckPacket.SubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;
import software.amazon.awssdk.crt.mqtt5.packets.UnsubscribePacket;

/** A channel by the AWS Common Runtime's MQTT 5 client. Thread-safe. */
final class CrtMqttChannel implements MqttChannel {
    private final Mqtt5Client client;
    private final CrtLifecycle lifecycle;
    /** One permit for each command that the broker may leave unacknowledged: so none waits unseen inside the client, to
     * be sent too late.
     */
    private final Semaphore window;

    private final int receiveMaximum;
    /** Held for writing while the native client is freed, for reading while it is called. */
    private final ReentrantReadWriteLock freeing = new ReentrantReadWriteLock();

    CrtMqttChannel(Mqtt5Client client, CrtLifecycle lifecycle, int receiveMaximum) {
        this.client = client;
        this.lifecycle = lifecycle;
        this.window = new Semaphore(receiveMaximum);
        this.receiveMaximum = receiveMaximum;
    }

    @Override
    public void subscribe(String filter, Deadline deadline) throws MqttException {
        Clocks.Moment asked = lifecycle.now();
        SubAckPacket granted =
                await(call(() -> client.subscribe(SubscribePacket.of(filter, QOS.AT_LEAST_ONCE))), deadline);
        lifecycle.answered(asked);
        SubAckReasonCode code = granted.getReasonCodes().getFirst();
        if (code.getValue() >= SubAckReasonCode.UNSPECIFIED_ERROR.getValue()) {
            throw new MqttException(
                    code == SubAckReasonCode.QUOTA_EXCEEDED
                            ? MqttException.Kind.THROTTLED
                            : MqttException.Kind.UNAVAILABLE,
                    "the broker refused to subscribe the answer's topic: " + code);
        }
    }

    @Override
    public void unsubscribe(String filter) {
        Clocks.Moment asked = lifecycle.now();
        try {
            var unused = call(() -> client.unsubscribe(new UnsubscribePacket.UnsubscribePacketBuilder(filter).build()))
                    .thenRun(() -> lifecycle.answered(asked));
        } catch (MqttException gone) {
            // With the connection the subscription is gone as well.
        }
    }

    @Override
    public void publish(Command command, Acknowledgement acknowledgement) throws MqttException {
        Deadline deadline = command.deadline();
        if (!acquire(deadline)) {
            throw new MqttException(MqttException.Kind.UNAVAILABLE, "the broker confirms nothing that it was sent");
        }
        Clocks.Moment asked = lifecycle.now();
        CompletableFuture<PublishResult> published = null;
        try {
            if (deadline.hasPassed()) {
                throw new MqttException(
                        MqttException.Kind.UNAVAILABLE, "the time was over before the command was sent");
            }
            PublishPacket packet = packet(command);
            published = call(() -> client.publish(packet));
        } finally {
            if (published == null) {
                window.release();
            }
        }
        var unused = published.whenComplete((result, failure) -> {
            window.release();
            if (failure == null) {
                lifecycle.answered(asked);
                InvocationResult.NotSent refusal =
                        refusal(result.getResultPubAck().getReasonCode());
                if (refusal == null) {
                    acknowledgement.accepted();
                } else {
                    acknowledgement.refused(refusal);
                }
            }
        });
    }

    private boolean acquire(Deadline deadline) throws MqttException {
        try {
            return window.tryAcquire() || window.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MqttException(MqttException.Kind.UNAVAILABLE, "the function is stopping");
        }
    }

    private static PublishPacket packet(Command command) {
        return new PublishPacket.PublishPacketBuilder(
                        command.requestTopic().value(), QOS.AT_LEAST_ONCE, command.payload())
                .withMessageExpiryIntervalSeconds(command.deadline().remainingSecondsRoundedUp())
                .withResponseTopic(command.answerTopic().value())
                .withCorrelationData(command.route().wireId().toString().getBytes(StandardCharsets.US_ASCII))
                .withContentType("application/json")
                .build();
    }

    private static InvocationResult.@Nullable NotSent refusal(PubAckReasonCode code) {
        return switch (code) {
            case SUCCESS -> null;
            case NO_MATCHING_SUBSCRIBERS -> new InvocationResult.Offline(null, null);
            case QUOTA_EXCEEDED -> new InvocationResult.Throttled("the broker has reached a limit: QUOTA_EXCEEDED");
            case UNSPECIFIED_ERROR,
                    IMPLEMENTATION_SPECIFIC_ERROR,
                    NOT_AUTHORIZED,
                    TOPIC_NAME_INVALID,
                    PACKET_IDENTIFIER_IN_USE,
                    PAYLOAD_FORMAT_INVALID ->
                new InvocationResult.Unavailable("the broker refused the command: " + code);
        };
    }

    @Override
    public boolean isOpen() {
        return lifecycle.isOpen();
    }

    @Override
    public boolean isConnected() {
        return lifecycle.isConnected();
    }

    @Override
    public long silentNanos() {
        return lifecycle.silentNanos();
    }

    @Override
    public void leave() {
        lifecycle.beginLeaving();
    }

    @Override
    public void retire(Deadline patience) {
        leave();
        try {
            // What the client has not written yet would be thrown away when it is stopped.
            var unused = window.tryAcquire(receiveMaximum, patience.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    @Override
    public void close() {
        if (!lifecycle.beginClosing()) {
            return;
        }
        lifecycle.stop(client);
        freeing.writeLock().lock();
        try {
            client.close();
        } finally {
            freeing.writeLock().unlock();
        }
    }

    /** Calls the native client, unless it is closed. */
    private <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> request) throws MqttException {
        freeing.readLock().lock();
        try {
            if (!lifecycle.isOpen()) {
                throw lost("");
            }
            return request.get();
        } catch (CrtRuntimeException failed) {
            throw lost(" (" + failed.errorName + ")");
        } finally {
            freeing.readLock().unlock();
        }
    }

    private static <T> T await(CompletableFuture<T> answer, Deadline deadline) throws MqttException {
        try {
            return answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException silent) {
            throw new MqttException(
                    MqttException.Kind.UNAVAILABLE, "the broker did not confirm the answer's topic in time");
        } catch (ExecutionException failed) {
            throw lost(failed.getCause() instanceof CrtRuntimeException crt ? " (" + crt.errorName + ")" : "");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MqttException(MqttException.Kind.UNAVAILABLE, "the function is stopping");
        }
    }

    private static MqttException lost(String why) {
        return new MqttException(MqttException.Kind.UNAVAILABLE, "the connection to the broker was lost" + why);
    }

    /** The words for an error code of the CRT. */
    static String describe(int errorCode) {
        return CRT.awsErrorName(errorCode) + ": " + CRT.awsErrorString(errorCode);
    }
}
