package dev.roundtrip.benchmarks.stage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.io.ClientBootstrap;
import software.amazon.awssdk.crt.io.SocketOptions;
import software.amazon.awssdk.crt.io.TlsContext;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ClientOfflineQueueBehavior;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ClientSessionBehavior;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ExtendedValidationAndFlowControlOptions;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.Mqtt5ClientOptionsBuilder;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.ConnectPacket.ConnectPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket.PublishPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;

/** One device, over TLS with a certificate of its own; answers at QoS 1 from the callback that brought the command. */
final class EchoDevice implements AutoCloseable {
    private static final String WAIT = "/wait-";

    private final Mqtt5Client client;
    private final ScheduledExecutorService later;
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<?> ready;

    /** What a connection is made of; used while the device is made, but for the bootstrap. */
    record Network(ClientBootstrap bootstrap, SocketOptions sockets, TlsContext tls) {}

    /** @param endpoint {@code HOST:PORT} */
    EchoDevice(String name, String endpoint, Network network, ScheduledExecutorService later) {
        this.later = later;
        int colon = endpoint.lastIndexOf(':');
        this.client = new Mqtt5Client(
                new Mqtt5ClientOptionsBuilder(endpoint.substring(0, colon), Long.valueOf(endpoint.substring(colon + 1)))
                        .withBootstrap(network.bootstrap())
                        .withSocketOptions(network.sockets())
                        .withTlsContext(network.tls())
                        .withConnectOptions(new ConnectPacketBuilder()
                                .withClientId(name)
                                .withKeepAliveIntervalSeconds(1200L)
                                .build())
                        .withSessionBehavior(ClientSessionBehavior.CLEAN)
                        .withOfflineQueueBehavior(ClientOfflineQueueBehavior.FAIL_ALL_ON_DISCONNECT)
                        .withExtendedValidationAndFlowControlOptions(ExtendedValidationAndFlowControlOptions.NONE)
                        .withDisableMetrics(true)
                        .withLifecycleEvents(new Lifecycle())
                        .withPublishEvents((source, message) -> command(message.getPublishPacket()))
                        .build());
        this.ready = connected.thenCompose(up -> client.subscribe(SubscribePacket.of(name + "/#", QOS.AT_LEAST_ONCE)));
        client.start();
    }

    /** Done when commands reach it. */
    CompletableFuture<?> ready() {
        return ready;
    }

    private void command(PublishPacket command) {
        long waitMillis = waitMillis(command.getTopic());
        if (waitMillis == 0) {
            answer(command);
        } else {
            var unused = later.schedule(() -> answer(command), waitMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void answer(PublishPacket command) {
        PublishPacketBuilder answer = new PublishPacketBuilder(
                command.getResponseTopic(), QOS.AT_LEAST_ONCE, Echo.answer(command.getPayload()));
        byte @Nullable [] correlation = command.getCorrelationData();
        if (correlation != null) {
            answer.withCorrelationData(correlation);
        }
        var unused = client.publish(answer.build());
    }

    /** The second level of {@code <target>/<method>/<prefix>/<id>} says how long. */
    static long waitMillis(String topic) {
        int from = topic.indexOf('/');
        return topic.startsWith(WAIT, from)
                ? Long.parseLong(topic, from + WAIT.length(), topic.indexOf('/', from + 1), 10)
                : 0;
    }

    @Override
    public void close() {
        client.stop();
        client.close();
    }

    /** An answer to a command of the contract, without a JSON parser. */
    static final class Echo {
        private static final String REQUEST = "\"request\":";
        private static final String ID = ",\"id\":\"";

        private Echo() {}

        /** @param payload as the gateway writes it; its request must not contain the text {@code ,"id":"} */
        static byte[] answer(byte[] payload) {
            String command = new String(payload, StandardCharsets.UTF_8);
            int request = command.indexOf(REQUEST) + REQUEST.length();
            int id = command.indexOf(ID, request);
            int name = id + ID.length();
            String answer = "{\"id\":\"" + command.substring(name, command.indexOf('"', name)) + "\",\"response\":"
                    + command.substring(request, id) + "}";
            return answer.getBytes(StandardCharsets.UTF_8);
        }
    }

    private final class Lifecycle implements Mqtt5ClientOptions.LifecycleEvents {
        @Override
        public void onAttemptingConnect(Mqtt5Client source, OnAttemptingConnectReturn attempt) {}

        @Override
        public void onConnectionSuccess(Mqtt5Client source, OnConnectionSuccessReturn success) {
            connected.complete(null);
        }

        @Override
        public void onConnectionFailure(Mqtt5Client source, OnConnectionFailureReturn failure) {
            connected.completeExceptionally(new IOException("CRT error " + failure.getErrorCode()));
        }

        @Override
        public void onDisconnection(Mqtt5Client source, OnDisconnectionReturn loss) {}

        @Override
        public void onStopped(Mqtt5Client source, OnStoppedReturn stop) {}
    }
}
