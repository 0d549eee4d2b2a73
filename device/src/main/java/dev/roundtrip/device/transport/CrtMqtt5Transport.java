package dev.roundtrip.device.transport;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.io.ExponentialBackoffRetryOptions.JitterMode;
import software.amazon.awssdk.crt.io.SocketOptions;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ClientOfflineQueueBehavior;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ClientSessionBehavior;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ExtendedValidationAndFlowControlOptions;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.LifecycleEvents;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.Mqtt5ClientOptionsBuilder;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.ConnAckPacket;
import software.amazon.awssdk.crt.mqtt5.packets.ConnectPacket.ConnectPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.DisconnectPacket;
import software.amazon.awssdk.crt.mqtt5.packets.DisconnectPacket.DisconnectPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.DisconnectPacket.DisconnectReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.PubAckPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket.PublishPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.SubAckPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubAckPacket.SubAckReasonCode;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket.SubscribePacketBuilder;

/** MQTT 5 over TLS. Reconnects by itself within 0.1 to 5 s, with jitter. */
public final class CrtMqtt5Transport implements DeviceTransport {
    private final Login login;
    private final Mqtt5Client client;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile TransportListener listener = TransportListener.DEAF;
    /** Otherwise there is nobody to say goodbye to, and an attempt to connect may take its time to end. */
    private volatile boolean connected;

    /** @throws TransportException when the certificates cannot be used */
    public CrtMqtt5Transport(CrtNetwork network, Login login) throws TransportException {
        this.login = login;
        // Its own socket options are what switches Nagle's algorithm off.
        try (SocketOptions sockets = new SocketOptions()) {
            sockets.connectTimeoutMs = (int) Timing.CONNECT.toMillis();
            this.client = new Mqtt5Client(options(network, sockets));
        } catch (CrtRuntimeException unusable) {
            throw TransportException.refused("cannot make an MQTT 5 client: " + unusable.getMessage());
        }
    }

    private Mqtt5ClientOptions options(CrtNetwork network, SocketOptions sockets) throws TransportException {
        return new Mqtt5ClientOptionsBuilder(
                        login.endpoint().host(), (long) login.endpoint().port())
                .withBootstrap(network.bootstrap())
                .withTlsContext(network.tls(login))
                .withSocketOptions(sockets)
                .withConnectOptions(new ConnectPacketBuilder()
                        .withClientId(login.clientId().toString())
                        .withKeepAliveIntervalSeconds(Timing.KEEP_ALIVE.toSeconds())
                        .build())
                .withSessionBehavior(ClientSessionBehavior.CLEAN)
                .withOfflineQueueBehavior(ClientOfflineQueueBehavior.FAIL_ALL_ON_DISCONNECT)
                .withExtendedValidationAndFlowControlOptions(ExtendedValidationAndFlowControlOptions.NONE)
                .withRetryJitterMode(JitterMode.Full)
                .withMinReconnectDelayMs(Timing.MIN_RECONNECT.toMillis())
                .withMaxReconnectDelayMs(Timing.MAX_RECONNECT.toMillis())
                .withMinConnectedTimeToResetReconnectDelayMs(Timing.MAX_RECONNECT.toMillis())
                .withConnackTimeoutMs(Timing.CONNECT.toMillis())
                .withPingTimeoutMs(Timing.PING.toMillis())
                .withDisableMetrics(true)
                .withLifecycleEvents(new Lifecycle())
                .withPublishEvents((source, message) -> delivered(message.getPublishPacket()))
                .build();
    }

    @Override
    public void start(TransportListener events) {
        listener = events;
        client.start();
    }

    @Override
    public void subscribe(String filter, Duration atMost) throws TransportException, InterruptedException {
        SubAckPacket granted = Waiting.get(
                () -> client.subscribe(new SubscribePacketBuilder(filter, QOS.AT_LEAST_ONCE).build()),
                atMost,
                "subscription");
        for (SubAckReasonCode reason : granted.getReasonCodes()) {
            if (reason.getValue() >= 0x80) {
                throw TransportException.refused(ConnectFailure.subscriptionRefused(login, filter, reason));
            }
        }
    }

    @Override
    public void publish(Answer answer, Duration atMost) throws TransportException, InterruptedException {
        PublishPacketBuilder packet = new PublishPacketBuilder(
                        answer.topic().toString(), QOS.AT_LEAST_ONCE, answer.payload())
                .withContentType("application/json")
                .withMessageExpiryIntervalSeconds(answer.expirySeconds());
        if (answer.correlation().length > 0) {
            packet.withCorrelationData(answer.correlation());
        }
        PubAckPacket taken = Waiting.get(() -> client.publish(packet.build()), atMost, "answer")
                .getResultPubAck();
        if (taken != null && taken.getReasonCode().getValue() >= 0x80) {
            throw TransportException.refused(
                    ConnectFailure.publishRefused(login, answer.topic(), taken.getReasonCode()));
        }
    }

    private void delivered(PublishPacket packet) {
        byte @Nullable [] payload = packet.getPayload();
        byte @Nullable [] correlation = packet.getCorrelationData();
        Long expiry = packet.getMessageExpiryIntervalSeconds();
        listener.delivered(new Delivery(
                packet.getTopic(),
                payload == null ? new byte[0] : payload,
                correlation == null ? Delivery.NO_CORRELATION : correlation,
                expiry == null ? null : Duration.ofSeconds(expiry),
                packet.getContentType()));
    }

    @Override
    public void close() {
        if (connected) {
            client.stop(new DisconnectPacketBuilder()
                    .withReasonCode(DisconnectReasonCode.NORMAL_DISCONNECTION)
                    .build());
            try {
                stopped.get(Timing.STOP.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException notInTime) {
                // Freed below all the same.
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        listener = TransportListener.DEAF;
        client.close();
    }

    private final class Lifecycle implements LifecycleEvents {
        @Override
        public void onAttemptingConnect(Mqtt5Client source, OnAttemptingConnectReturn attempt) {}

        @Override
        public void onConnectionSuccess(Mqtt5Client source, OnConnectionSuccessReturn success) {
            connected = true;
            listener.connected();
        }

        @Override
        public void onConnectionFailure(Mqtt5Client source, OnConnectionFailureReturn failure) {
            @Nullable ConnAckPacket said = failure.getConnAckPacket();
            listener.connectFailed(
                    said == null
                            ? ConnectFailure.advice(login, failure.getErrorCode())
                            : ConnectFailure.refusal(login, said.getReasonCode()));
        }

        @Override
        public void onDisconnection(Mqtt5Client source, OnDisconnectionReturn loss) {
            connected = false;
            @Nullable DisconnectPacket said = loss.getDisconnectPacket();
            listener.disconnected(
                    said == null
                            ? ConnectFailure.lost(loss.getErrorCode())
                            : "the broker ended it: " + said.getReasonCode());
        }

        @Override
        public void onStopped(Mqtt5Client source, OnStoppedReturn stop) {
            stopped.complete(null);
        }
    }
}
