package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.protocol.ClientPrefix;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.auth.credentials.CredentialsProvider;
import software.amazon.awssdk.crt.io.SocketOptions;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ClientOfflineQueueBehavior;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ClientSessionBehavior;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ExtendedValidationAndFlowControlOptions;
import software.amazon.awssdk.crt.mqtt5.NegotiatedSettings;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;

/** Opens channels to AWS IoT Core, or to what stands in for it: MQTT 5 over WebSocket over TLS, signed with Signature
 * Version 4. Thread-safe.
 */
public final class CrtConnector implements MqttChannel.Connector {
    /** The longest keep-alive that AWS IoT Core takes, in seconds: a frozen function cannot ping, and its connection
     * shall outlive that as long as may be. Source: AWS IoT Core protocol limits, "Keep-alive interval". {@link
     * WarmChannel} notices silence.
     */
    private static final long KEEP_ALIVE_SECONDS = 1200;

    /** After this the client gives up a packet that the broker never acknowledged, and with it the place that it takes
     * in the window of
     * those under way. Longer than most calls: it decides no call's end. */
    private static final long ACK_TIMEOUT_SECONDS = 30;

    private final BrokerAddress broker;
    private final ClientPrefix prefix;
    private final GatewayCredentials credentials;
    private final Clocks clocks;

    public CrtConnector(BrokerAddress broker, ClientPrefix prefix, GatewayCredentials credentials, Clocks clocks) {
        this.broker = broker;
        this.prefix = prefix;
        this.credentials = credentials;
        this.clocks = clocks;
    }

    /** Loads the Common Runtime's native library, which takes a good part of the first connect. */
    public static void load() {
        var unused = new CRT();
    }

    @Override
    public MqttChannel open(MqttChannel.Listener listener, Deadline deadline) throws MqttException {
        CrtLifecycle lifecycle = new CrtLifecycle(listener, clocks);
        // Before the Common Runtime is touched: while its library is loaded, the secure random numbers are prepared.
        String clientId = prefix.clientId(UUID.randomUUID());
        Mqtt5Client client = build(clientId, lifecycle);
        try {
            client.start();
            NegotiatedSettings settings = lifecycle.awaitConnected(deadline);
            return new CrtMqttChannel(client, lifecycle, settings.getReceiveMaximumFromServer());
        } catch (MqttException | RuntimeException failed) {
            if (lifecycle.beginClosing()) {
                lifecycle.stop(client);
                client.close();
            }
            throw failed;
        }
    }

    private Mqtt5Client build(String clientId, CrtLifecycle lifecycle) throws MqttException {
        AwsIotMqtt5ClientBuilder.WebsocketSigv4Config signing = new AwsIotMqtt5ClientBuilder.WebsocketSigv4Config();
        signing.region = broker.region();
        try (CredentialsProvider provider = CrtCredentials.provider(credentials);
                SocketOptions withoutNagle = new SocketOptions()) {
            signing.credentialsProvider = provider;
            // The builder prints what went wrong and returns null instead of throwing.
            @Nullable AwsIotMqtt5ClientBuilder builder =
                    AwsIotMqtt5ClientBuilder.newWebsocketMqttBuilderWithSigv4Auth(broker.host(), signing);
            if (builder == null) {
                throw new MqttException(MqttException.Kind.UNAVAILABLE, "the MQTT client could not be made");
            }
            try (builder) {
                if (broker.authority() != null) {
                    builder.withCertificateAuthorityFromPath(
                            null, broker.authority().toString());
                }
                return builder.withPort((long) broker.port())
                        .withClientId(clientId)
                        .withSocketOptions(withoutNagle)
                        .withKeepAliveIntervalSeconds(KEEP_ALIVE_SECONDS)
                        .withAckTimeoutSeconds(ACK_TIMEOUT_SECONDS)
                        .withSessionBehavior(ClientSessionBehavior.CLEAN)
                        .withOfflineQueueBehavior(ClientOfflineQueueBehavior.FAIL_ALL_ON_DISCONNECT)
                        .withExtendedValidationAndFlowControlOptions(ExtendedValidationAndFlowControlOptions.NONE)
                        .withLifeCycleEvents(lifecycle)
                        .withPublishEvents(lifecycle)
                        .build();
            }
        } catch (CrtRuntimeException failed) {
            throw new MqttException(
                    MqttException.Kind.UNAVAILABLE,
                    "the MQTT client could not be made"
                            + (broker.authority() == null ? "" : " with the authority in " + broker.authority())
                            + " (" + failed.errorName + ")");
        }
    }
}
