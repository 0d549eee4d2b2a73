package dev.roundtrip.local.running;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.ThingRegistration;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.sigv4.HeaderLine;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Registers things over the control plane of the running local cloud, with requests that are signed. Thread-safe. */
final class ControlPlaneRegistration implements ThingRegistration, AutoCloseable {
    private static final String SIGNING_NAME = "iot";

    /** The cloud is on this machine: an answer that takes longer does not come. Our choice. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int REFUSALS = 400;
    private static final int CONFLICT = 409;

    /** What the local cloud answers for a service that it does not have. */
    private static final int NOT_SERVED = 501;

    private final URI endpoint;
    private final Account account;
    private final RequestSigner signer;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** @param endpoint where the services of AWS are */
    ControlPlaneRegistration(URI endpoint, Account account, Credentials credentials) {
        this.endpoint = endpoint;
        this.account = account;
        this.signer = new RequestSigner(
                AwsCredentialsIdentity.create(credentials.accessKeyId(), credentials.secretAccessKey()),
                new SigningScope(account.region(), SIGNING_NAME));
    }

    /** No control plane answers. Thrown as unchecked, since the interface does not know it. */
    static final class NotReachedException extends UncheckedIOException {
        private static final long serialVersionUID = 1L;

        NotReachedException(IOException cause) {
            super(cause);
        }
    }

    @Override
    public X509Certificate createCertificateFromCsr(String request) throws StateException {
        JsonNode made = ask(
                "CreateCertificateFromCsr",
                new Request("POST", "/certificates?setAsActive=true", List.of())
                        .with(Json.object().put("certificateSigningRequest", request)));
        return Pem.certificate(made.path("certificatePem").asText())
                .orElseThrow(() -> new StateException("the local cloud answers without a certificate"));
    }

    @Override
    public Properties createThing(Target name) throws StateException {
        String path = "/things/" + encoded(name.value());
        Request create = new Request("POST", path, List.of()).with(Json.object());
        HttpResponse<byte[]> response = send(create);
        if (response.statusCode() != CONFLICT) {
            JsonNode unused = body("CreateThing", response);
            return new Properties("", Map.of());
        }
        JsonNode found = ask("DescribeThing", new Request("GET", path, List.of()));
        Map<String, String> attributes = new HashMap<>();
        found.path("attributes")
                .properties()
                .forEach(member ->
                        attributes.put(member.getKey(), member.getValue().asText()));
        return new Properties(found.path("thingTypeName").asText(""), attributes);
    }

    @Override
    public void createPolicy(String name, String document) throws StateException {
        HttpResponse<byte[]> response = send(new Request("POST", "/policies/" + encoded(name), List.of())
                .with(Json.object().put("policyDocument", document)));
        if (response.statusCode() != CONFLICT) {
            JsonNode unused = body("CreatePolicy", response);
        }
    }

    @Override
    public void attachPolicy(String policy, X509Certificate certificate) throws StateException {
        JsonNode unused = ask(
                "AttachPolicy",
                new Request("PUT", "/target-policies/" + encoded(policy), List.of())
                        .with(Json.object().put("target", arn(certificate))));
    }

    @Override
    public void attachThingPrincipal(Target thing, X509Certificate certificate) throws StateException {
        JsonNode unused = ask(
                "AttachThingPrincipal",
                new Request(
                        "PUT",
                        "/things/" + encoded(thing.value()) + "/principals?thingPrincipalType=EXCLUSIVE_THING",
                        List.of(new HeaderLine("x-amzn-principal", arn(certificate)))));
    }

    /** The running cloud looks at the files by itself. */
    @Override
    public void written(Target thing) {}

    private String arn(X509Certificate certificate) {
        return account.certificateArn(CertificateId.of(certificate).value());
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A request before it is signed. */
    @SuppressWarnings("ArrayRecordComponent") // A body is sent, never compared.
    private record Request(String method, String path, List<HeaderLine> headers, byte[] body) {
        Request(String method, String path, List<HeaderLine> headers) {
            this(method, path, headers, new byte[0]);
        }

        Request with(ObjectNode json) {
            return new Request(
                    method, path, List.of(new HeaderLine("Content-Type", "application/json")), Json.write(json));
        }
    }

    private JsonNode ask(String operation, Request request) throws StateException {
        return body(operation, send(request));
    }

    private HttpResponse<byte[]> send(Request request) {
        HttpRequest signed = signer.sign(new UnsignedRequest(
                        request.method(), endpoint.resolve(request.path()), request.headers(), request.body()))
                .toHttpRequest();
        HttpResponse<byte[]> response;
        try {
            response = http.send(
                    HttpRequest.newBuilder(signed, (name, value) -> true)
                            .timeout(PATIENCE)
                            .build(),
                    BodyHandlers.ofByteArray());
        } catch (IOException failed) {
            throw new NotReachedException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new NotReachedException(new IOException("interrupted", interrupted));
        }
        if (response.statusCode() == NOT_SERVED) {
            throw new NotReachedException(new IOException("no control plane at " + endpoint));
        }
        return response;
    }

    private static JsonNode body(String operation, HttpResponse<byte[]> response) throws StateException {
        try {
            JsonNode body = response.body().length == 0 ? Json.object() : Json.read(response.body());
            if (response.statusCode() < REFUSALS) {
                return body;
            }
            throw new StateException("the local cloud refuses " + operation + " with HTTP status "
                    + response.statusCode() + ": " + body.path("message").asText());
        } catch (MalformedJsonException malformed) {
            throw new StateException("the local cloud answers " + operation + " with HTTP status "
                    + response.statusCode() + " and no JSON");
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
