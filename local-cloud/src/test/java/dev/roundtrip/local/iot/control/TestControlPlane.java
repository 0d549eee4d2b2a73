package dev.roundtrip.local.iot.control;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.GatewayClient;
import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.TestGateway;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.RsaKeys;
import dev.roundtrip.local.keys.SigningRequest;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.TestBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.security.auth.x500.X500Principal;

/** The control plane on a socket: every signature is right, a test says what is allowed, and what was asked for is
 * kept.
 */
final class TestControlPlane implements RequestAuthentication, AutoCloseable {
    /** By how much the registry's clock is ahead. */
    volatile Duration later = Duration.ZERO;

    final Registry registry = new Registry(
            new InMemoryTables(), new Account("us-east-1"), () -> Instant.now().plus(later));
    final Authority authority = Authority.inMemory(Instant.now());
    final OperationTable table = ControlPlane.of(registry, authority, new RsaKeys(), InstantSource.system());
    final List<Access> asked = new CopyOnWriteArrayList<>();

    /** The action that is not allowed; {@code *} for all. */
    volatile String denied = "";

    private final TestBroker test = new TestGateway(made -> table, this, UnaryOperator.identity()).broker;
    private final GatewayClient http = new GatewayClient(test);

    @Override
    public Outcome authenticate(SignedRequest request, InetAddress source) {
        return new Known(access -> {
            asked.add(access);
            return !denied.equals("*") && !access.action().equals(denied);
        });
    }

    /** Asks.
     *
     * @param headers name, value, name, value and so on
     */
    Answer ask(String method, String path, String body, String... headers) {
        return http.ask(method, path, body, headers);
    }

    /** The body of a request with a policy document. */
    static String document(String document) {
        return new JsonMapper()
                .createObjectNode()
                .put("policyDocument", document)
                .toString();
    }

    /** The body of a request with a target. */
    static String target(String arn) {
        return new JsonMapper().createObjectNode().put("target", arn).toString();
    }

    /** Makes a certificate from a request.
     *
     * @return its ARN
     */
    String certificate() {
        String csr = SigningRequest.of(new X500Principal("CN=pump"), DeviceKeys.ellipticCurve());
        return ask(
                        "POST",
                        "/certificates?setAsActive=true",
                        new JsonMapper()
                                .createObjectNode()
                                .put("certificateSigningRequest", csr)
                                .toString())
                .body()
                .path("certificateArn")
                .asText();
    }

    @Override
    public void close() throws IOException {
        http.close();
        test.close();
    }
}
