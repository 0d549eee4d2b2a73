package dev.roundtrip.device.transport;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.io.SocketOptions;
import software.amazon.awssdk.crt.mqtt.MqttClient;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt.MqttClientConnectionEvents;
import software.amazon.awssdk.crt.mqtt.MqttConnectionConfig;
import software.amazon.awssdk.crt.mqtt.MqttMessage;
import software.amazon.awssdk.crt.mqtt.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt.QualityOfService;

/** MQTT 3.1.1 over TLS: topics and payloads, nothing else. Reconnects by itself within 1 to 7 s, because the runtime
 * counts whole
 * seconds here. */
public final class CrtMqtt3Transport implements DeviceTransport {
    private final Login login;
    private final MqttClient client;
    private final MqttClientConnection connection;
    private volatile TransportListener listener = TransportListener.DEAF;
    /** Otherwise there is nobody to say goodbye to, and an attempt to connect may take its time to end. */
    private volatile boolean connected;

    /** @throws TransportException when the certificates cannot be used */
    public CrtMqtt3Transport(CrtNetwork network, Login login) throws TransportException {
        this.login = login;
        this.client = new MqttClient(network.bootstrap(), network.tls(login));
        try {
            this.connection = connection();
        } catch (CrtRuntimeException unusable) {
            client.close();
            throw TransportException.refused("cannot make an MQTT 3.1.1 client: " + unusable.getMessage());
        }
    }

    private MqttClientConnection connection() {
        // Its own socket options are what switches Nagle's algorithm off.
        try (MqttConnectionConfig config = new MqttConnectionConfig();
                SocketOptions sockets = new SocketOptions()) {
            sockets.connectTimeoutMs = (int) Timing.CONNECT.toMillis();
            config.setMqttClient(client);
            config.setSocketOptions(sockets);
            config.setEndpoint(login.endpoint().host());
            config.setPort(login.endpoint().port());
            config.setClientId(login.clientId().toString());
            config.setCleanSession(true);
            config.setKeepAliveSecs((int) Timing.KEEP_ALIVE.toSeconds());
            config.setPingTimeoutMs((int) Timing.PING.toMillis());
            config.setProtocolOperationTimeoutMs((int) Timing.CONNECT.toMillis());
            // The runtime adds no random part of its own here: many devices must not come back in the same second.
            long first = ThreadLocalRandom.current().nextLong(1, 4);
            config.setReconnectTimeoutSecs(first, Timing.MAX_RECONNECT.toSeconds() + first - 1);
            config.setDisableMetrics(true);
            config.setConnectionCallbacks(new Events());
            MqttClientConnection made = new MqttClientConnection(config);
            made.onMessage(message -> listener.delivered(
                    new Delivery(message.getTopic(), message.getPayload(), Delivery.NO_CORRELATION, null)));
            return made;
        }
    }

    @Override
    public void start(TransportListener events) {
        listener = events;
        // The outcome comes to the callbacks.
        var unused = connection.connect();
    }

    @Override
    public void subscribe(String filter, Duration atMost) throws TransportException, InterruptedException {
        try {
            Waiting.get(() -> connection.subscribe(filter, QualityOfService.AT_LEAST_ONCE), atMost, "subscription");
        } catch (TransportException failed) {
            // The runtime does not tell a refusal in the SUBACK from any other failure.
            throw TransportException.refused(ConnectFailure.subscriptionRefused(login, filter, failed.getMessage()));
        }
    }

    @Override
    public void publish(Answer answer, Duration atMost) throws TransportException, InterruptedException {
        MqttMessage message =
                new MqttMessage(answer.topic().toString(), answer.payload(), QualityOfService.AT_LEAST_ONCE, false);
        Waiting.get(() -> connection.publish(message), atMost, "answer");
    }

    @Override
    public void close() {
        if (connected) {
            try {
                connection.disconnect().get(Timing.STOP.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException notInTime) {
                // Freed below all the same.
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        listener = TransportListener.DEAF;
        connection.close();
        client.close();
    }

    private final class Events implements MqttClientConnectionEvents {
        @Override
        public void onConnectionSuccess(OnConnectionSuccessReturn success) {
            connected = true;
            listener.connected();
        }

        @Override
        public void onConnectionFailure(OnConnectionFailureReturn failure) {
            listener.connectFailed(ConnectFailure.advice(login, failure.getErrorCode()));
        }

        @Override
        public void onConnectionInterrupted(int errorCode) {
            connected = false;
            listener.disconnected(ConnectFailure.lost(errorCode));
        }

        @Override
        public void onConnectionResumed(boolean sessionPresent) {
            // Told by onConnectionSuccess too.
        }
    }
}
