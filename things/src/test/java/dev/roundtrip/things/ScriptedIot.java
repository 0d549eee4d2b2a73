package dev.roundtrip.things;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;

/** The requests that things makes, each with what AWS answers, and the state behind them. A test can have it cut the
 * connection at a request, before or after the request has its effect, and refuse requests.
 */
@SuppressWarnings("NullAway") // what is missing is a failure of the test
final class ScriptedIot implements AutoCloseable {
    static final String ACCOUNT = "123456789012";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpServer server;
    private final KeyPair authority;
    private final List<Route> routes;
    private final AtomicInteger serial = new AtomicInteger(1);

    final Map<String, Map<String, String>> things = new TreeMap<>();
    final Map<String, Certificate> certificates = new TreeMap<>();
    final Map<String, String> policies = new TreeMap<>();
    /** "policy certificate" and "thing certificate", the certificate by its id. */
    final Set<String> attachments = new TreeSet<>();

    final List<String> requests = new ArrayList<>();
    private Cut cut = Cut.NONE;
    private int cutAt = -1;
    private boolean isDead;
    private Predicate<String> refused = name -> false;
    private int throttled;

    /** When the connection is cut. */
    enum Cut {
        NONE,
        BEFORE,
        AFTER
    }

    static final class Certificate {
        final String pem;
        String status;

        Certificate(String pem, String status) {
            this.pem = pem;
            this.status = status;
        }
    }

    private record Route(String name, String method, Pattern path, Handler handler) {}

    private record Reply(int status, ObjectNode body, String error) {
        static Reply of(ObjectNode body) {
            return new Reply(200, body, "");
        }

        static Reply error(int status, String error) {
            return new Reply(status, MAPPER.createObjectNode().put("message", "as scripted"), error);
        }
    }

    @FunctionalInterface
    private interface Handler {
        Reply answer(Asked asked) throws Exception;
    }

    private record Asked(
            String name,
            Map<String, String> query,
            JsonNode body,
            @Nullable String principal) {}

    ScriptedIot() throws Exception {
        // Else each answer waits 40 ms for the acknowledgement of its header.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        authority = generator.generateKeyPair();
        routes = List.of(
                new Route("CreateThing", "POST", Pattern.compile("/things/([^/]+)"), this::createThing),
                new Route("DescribeThing", "GET", Pattern.compile("/things/([^/]+)"), this::describeThing),
                new Route("DeleteThing", "DELETE", Pattern.compile("/things/([^/]+)"), this::deleteThing),
                new Route("CreateCertificateFromCsr", "POST", Pattern.compile("/certificates"), this::certify),
                new Route("ListCertificates", "GET", Pattern.compile("/certificates"), this::listCertificates),
                new Route("DescribeCertificate", "GET", Pattern.compile("/certificates/(\\w+)"), this::describe),
                new Route("UpdateCertificate", "PUT", Pattern.compile("/certificates/(\\w+)"), this::update),
                new Route("DeleteCertificate", "DELETE", Pattern.compile("/certificates/(\\w+)"), this::delete),
                new Route("CreatePolicy", "POST", Pattern.compile("/policies/([^/]+)"), this::createPolicy),
                new Route("DeletePolicy", "DELETE", Pattern.compile("/policies/([^/]+)"), this::deletePolicy),
                new Route("AttachPolicy", "PUT", Pattern.compile("/target-policies/([^/]+)"), this::attachPolicy),
                new Route("DetachPolicy", "POST", Pattern.compile("/target-policies/([^/]+)"), this::detachPolicy),
                new Route("AttachThingPrincipal", "PUT", Pattern.compile("/things/([^/]+)/principals"), this::attach),
                new Route(
                        "DetachThingPrincipal", "DELETE", Pattern.compile("/things/([^/]+)/principals"), this::detach),
                new Route("GetCallerIdentity", "POST", Pattern.compile("/()"), asked -> Reply.of(null)));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Clients that go here, and do not try again. */
    Cloud cloud() {
        return cloud("eu-central-1", AwsRetryStrategy.doNotRetry());
    }

    /** Clients that go here, with a region; null for the retries of the program. */
    Cloud cloud(String region, software.amazon.awssdk.retries.api.@Nullable RetryStrategy retries) {
        return new Cloud(builder -> {
            builder.endpointOverride(
                            URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                    .region(Region.of(region))
                    .credentialsProvider(
                            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAEXAMPLE", "secret")));
            if (retries != null) {
                builder.overrideConfiguration(settings -> settings.retryStrategy(retries));
            }
        });
    }

    /** Cuts the connection at a request, from 0 on counted from now, and at every later one. */
    synchronized void cut(Cut when, int request) {
        cut = when;
        cutAt = requests.size() + request;
    }

    /** Forgets everything. */
    synchronized void reset() {
        mend();
        things.clear();
        certificates.clear();
        policies.clear();
        attachments.clear();
        requests.clear();
        refused = name -> false;
        throttled = 0;
    }

    /** Answers again. */
    synchronized void mend() {
        cut = Cut.NONE;
        isDead = false;
    }

    /** Answers these operations 403 from now on. */
    synchronized void refuse(Predicate<String> operations) {
        refused = operations;
    }

    /** Answers the next requests with throttling. */
    synchronized void throttle(int number) {
        throttled = number;
    }

    synchronized long count(String operation) {
        return requests.stream().filter(operation::equals).count();
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // the test sees the cut connection
    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Route route = route(exchange);
            int number = requests.size();
            requests.add(route.name());
            if (isDead || (cut == Cut.BEFORE && number >= cutAt)) {
                isDead = true;
                return;
            }
            Reply reply;
            if (refused.test(route.name())) {
                reply = Reply.error(403, "AccessDeniedException");
            } else if (throttled > 0) {
                throttled--;
                reply = Reply.error(400, "ThrottlingException");
            } else {
                reply = route.handler().answer(asked(exchange, route));
            }
            if (cut == Cut.AFTER && number >= cutAt) {
                isDead = true;
                return;
            }
            byte[] body =
                    reply.body() == null ? identity() : reply.body().toString().getBytes(UTF_8);
            if (!reply.error().isEmpty()) {
                exchange.getResponseHeaders().set("x-amzn-ErrorType", reply.error());
            }
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        } catch (Exception defect) {
            defect.printStackTrace();
        }
    }

    private static byte[] identity() {
        return ("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                        + "<GetCallerIdentityResult><Arn>arn:aws:iam::" + ACCOUNT + ":user/tester</Arn>"
                        + "<UserId>AIDA</UserId><Account>" + ACCOUNT
                        + "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
                .getBytes(UTF_8);
    }

    private Route route(HttpExchange exchange) {
        return routes.stream()
                .filter(one -> one.method().equals(exchange.getRequestMethod())
                        && one.path()
                                .matcher(exchange.getRequestURI().getPath())
                                .matches())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "nobody expects " + exchange.getRequestMethod() + " " + exchange.getRequestURI()));
    }

    private static Asked asked(HttpExchange exchange, Route route) throws IOException {
        Matcher path = route.path().matcher(exchange.getRequestURI().getPath());
        var unused = path.matches();
        Map<String, String> query = new TreeMap<>();
        String text = exchange.getRequestURI().getQuery();
        if (text != null) {
            for (String part : text.split("&", -1)) {
                String[] pair = part.split("=", 2);
                query.put(pair[0], pair.length == 1 ? "" : pair[1]);
            }
        }
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        return new Asked(
                path.groupCount() == 0 ? "" : path.group(1),
                query,
                body.startsWith("{") ? MAPPER.readTree(body) : MAPPER.createObjectNode(),
                exchange.getRequestHeaders().getFirst("x-amzn-principal"));
    }

    private static ObjectNode nothing() {
        return MAPPER.createObjectNode();
    }

    private static String arn(String resource) {
        return "arn:aws:iot:eu-central-1:" + ACCOUNT + ":" + resource;
    }

    private static String id(@Nullable String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    private Reply createThing(Asked asked) {
        Map<String, String> attributes = new TreeMap<>();
        asked.body()
                .path("attributePayload")
                .path("attributes")
                .properties()
                .forEach(
                        entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
        Map<String, String> before = things.putIfAbsent(asked.name(), attributes);
        if (before != null && !before.equals(attributes)) {
            return Reply.error(409, "ResourceAlreadyExistsException");
        }
        return Reply.of(nothing().put("thingName", asked.name()).put("thingArn", arn("thing/" + asked.name())));
    }

    private Reply describeThing(Asked asked) {
        if (!things.containsKey(asked.name())) {
            return Reply.error(404, "ResourceNotFoundException");
        }
        ObjectNode thing = nothing().put("thingName", asked.name()).put("version", 1);
        ObjectNode attributes = thing.putObject("attributes");
        things.get(asked.name()).forEach(attributes::put);
        return Reply.of(thing);
    }

    private Reply deleteThing(Asked asked) {
        if (attachments.stream().anyMatch(one -> one.startsWith("thing:" + asked.name() + " "))) {
            return Reply.error(400, "InvalidRequestException");
        }
        things.remove(asked.name());
        return Reply.of(nothing());
    }

    private Reply certify(Asked asked) throws Exception {
        PKCS10CertificationRequest request;
        try (PEMParser parser = new PEMParser(
                new StringReader(asked.body().path("certificateSigningRequest").asText()))) {
            request = (PKCS10CertificationRequest) parser.readObject();
        }
        if (!request.isSignatureValid(
                new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo()))) {
            return Reply.error(400, "InvalidRequestException");
        }
        Instant now = Instant.now();
        StringWriter pem = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(pem)) {
            writer.writeObject(new JcaX509v3CertificateBuilder(
                            new X500Name("CN=authority"),
                            BigInteger.valueOf(serial.get()),
                            Date.from(now.minus(Duration.ofHours(1))),
                            Date.from(now.plus(Duration.ofHours(1))),
                            request.getSubject(),
                            new org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter()
                                    .getPublicKey(request.getSubjectPublicKeyInfo()))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate())));
        }
        String id = "%064x".formatted(serial.getAndIncrement());
        boolean isActive = "true".equals(asked.query().get("setAsActive"));
        certificates.put(id, new Certificate(pem.toString(), isActive ? "ACTIVE" : "INACTIVE"));
        return Reply.of(nothing()
                .put("certificateId", id)
                .put("certificateArn", arn("cert/" + id))
                .put("certificatePem", pem.toString()));
    }

    /** One certificate on a page. */
    private Reply listCertificates(Asked asked) {
        String after = asked.query().getOrDefault("marker", "");
        ObjectNode page = nothing();
        var list = page.putArray("certificates");
        certificates.keySet().stream()
                .filter(id -> id.compareTo(after) > 0)
                .findFirst()
                .ifPresent(id -> {
                    list.addObject()
                            .put("certificateId", id)
                            .put("creationDate", Instant.now().toEpochMilli() / 1000.0);
                    page.put("nextMarker", id);
                });
        return Reply.of(page);
    }

    private Reply describe(Asked asked) {
        ObjectNode body = nothing();
        body.putObject("certificateDescription")
                .put("certificateId", asked.name())
                .put("certificatePem", certificates.get(asked.name()).pem);
        return Reply.of(body);
    }

    private Reply update(Asked asked) {
        Certificate certificate = certificates.get(asked.name());
        if (certificate == null) {
            return Reply.error(404, "ResourceNotFoundException");
        }
        certificate.status = asked.query().get("newStatus");
        return Reply.of(nothing());
    }

    private Reply delete(Asked asked) {
        Certificate certificate = certificates.get(asked.name());
        if (certificate == null) {
            return Reply.error(404, "ResourceNotFoundException");
        }
        if (certificate.status.equals("ACTIVE")) {
            return Reply.error(406, "CertificateStateException");
        }
        if (attachments.stream().anyMatch(one -> one.endsWith(" " + asked.name()))) {
            return Reply.error(409, "DeleteConflictException");
        }
        certificates.remove(asked.name());
        return Reply.of(nothing());
    }

    private Reply createPolicy(Asked asked) {
        String before = policies.putIfAbsent(
                asked.name(), asked.body().path("policyDocument").asText());
        return before == null
                ? Reply.of(nothing().put("policyName", asked.name()))
                : Reply.error(409, "ResourceAlreadyExistsException");
    }

    private Reply deletePolicy(Asked asked) {
        if (attachments.stream().anyMatch(one -> one.startsWith("policy:" + asked.name() + " "))) {
            return Reply.error(409, "DeleteConflictException");
        }
        return policies.remove(asked.name()) == null
                ? Reply.error(404, "ResourceNotFoundException")
                : Reply.of(nothing());
    }

    private Reply attachPolicy(Asked asked) {
        String certificate = id(asked.body().path("target").asText());
        if (!policies.containsKey(asked.name()) || !certificates.containsKey(certificate)) {
            return Reply.error(404, "ResourceNotFoundException");
        }
        attachments.add("policy:" + asked.name() + " " + certificate);
        return Reply.of(nothing());
    }

    private Reply detachPolicy(Asked asked) {
        attachments.remove(
                "policy:" + asked.name() + " " + id(asked.body().path("target").asText()));
        return Reply.of(nothing());
    }

    private Reply attach(Asked asked) {
        if (!things.containsKey(asked.name()) || !certificates.containsKey(id(asked.principal()))) {
            return Reply.error(404, "ResourceNotFoundException");
        }
        attachments.add("thing:" + asked.name() + " " + id(asked.principal()));
        return Reply.of(nothing());
    }

    private Reply detach(Asked asked) {
        attachments.remove("thing:" + asked.name() + " " + id(asked.principal()));
        return Reply.of(nothing());
    }

    /** Whether nothing is left. */
    synchronized boolean isEmpty() {
        return things.isEmpty() && certificates.isEmpty() && policies.isEmpty() && attachments.isEmpty();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
