package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.Main;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.app.StateOptions;
import dev.roundtrip.local.users.StoredUser;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SignedRequest;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** The local cloud as a process of its own, with every log of the JVM turned on: no payload, answer, token or key in
 * what it writes.
 */
class SilentLogsIT {
    private static final String MARKER = "P1ANTED";
    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke",
             "Resource":"arn:aws:execute-api:*:*:*/Prod/*/invoke/pump/echo"}]}
            """;

    @TempDir
    private Path temporary;

    @Test
    void nothing_that_was_sent_and_no_secret_is_written() throws Exception {
        Path out = temporary.resolve("stdout");
        Path err = temporary.resolve("stderr");
        Path logging = Files.writeString(temporary.resolve("logging.properties"), """
                handlers=java.util.logging.ConsoleHandler
                .level=ALL
                java.util.logging.ConsoleHandler.level=ALL
                """);
        StateDirectory state = StateDirectory.open(
                temporary.resolve("state"), StateOptions.defaults().withRegion("eu-central-1"));
        StoredUser limited = state.caller(new UserName("limited"), POLICY);
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.logging.config.file=" + logging,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "start",
                "--state",
                state.path().toString(),
                "--api-port=0",
                "--mqtt-port=0",
                "--wss-port=0",
                "--device=pump");
        builder.environment().put("AWS_REGION", "eu-central-1");
        Process cloud =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !cloud.isAlive() || Files.readString(out).contains("Ctrl-C"));
            callInEveryWay(endpoint(state), state, limited);
        } finally {
            cloud.destroy();
            assertThat(cloud.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }

        String written = Files.readString(out) + Files.readString(err);
        assertThat(written).contains("\"event\":\"call\"").contains("\"result\":\"ok\"");
        for (String secret : secrets(state)) {
            assertThat(written.contains(secret))
                    .as("a secret or payload was written")
                    .isFalse();
        }
    }

    private static URI endpoint(StateDirectory state) throws Exception {
        Matcher found = Pattern.compile("API_ENDPOINT='([^']+)'")
                .matcher(Files.readString(state.path().resolve("env")));
        assertThat(found.find()).isTrue();
        return URI.create(found.group(1));
    }

    /** What must not be there: the marker, every secret key, and what is between the lines of every private key. */
    private static List<String> secrets(StateDirectory state) throws Exception {
        List<String> secrets =
                new ArrayList<>(List.of(MARKER, state.credentials().secretAccessKey()));
        secrets.add(state.findCaller(new UserName("limited"))
                .orElseThrow()
                .credentials()
                .secretAccessKey());
        try (Stream<Path> files = Files.walk(state.path())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // Not every file is text.
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                int begin = text.indexOf("PRIVATE KEY-----\n");
                if (begin >= 0) {
                    secrets.add(
                            text.substring(begin).lines().skip(1).findFirst().orElseThrow());
                }
            }
        }
        assertThat(secrets).hasSizeGreaterThan(4);
        return secrets;
    }

    private static void callInEveryWay(URI endpoint, StateDirectory state, StoredUser limited) throws Exception {
        RequestSigner all = signer(AwsCredentialsIdentity.create(
                state.credentials().accessKeyId(), state.credentials().secretAccessKey()));
        RequestSigner one = signer(AwsCredentialsIdentity.create(
                limited.credentials().accessKeyId(), limited.credentials().secretAccessKey()));
        RequestSigner wrong = signer(AwsSessionCredentialsIdentity.create("AKIA0000000000000000", MARKER, MARKER));
        List<SignedRequest> requests = new ArrayList<>();
        for (RequestSigner signer : List.of(all, one, wrong)) {
            requests.add(signer.sign(UnsignedRequest.get(endpoint + "/pump/echo?request=" + MARKER)));
            requests.add(signer.sign(UnsignedRequest.get(endpoint + "?target=pump&method=echo&request=" + MARKER)));
            requests.add(signer.sign(UnsignedRequest.get(endpoint + "?target=pump&method=fail&request=" + MARKER)));
            requests.add(signer.sign(UnsignedRequest.get(endpoint + "?target=pump&method=add&request=" + MARKER)));
            requests.add(signer.sign(UnsignedRequest.get(endpoint + "/pump/echo?request=x&key=" + MARKER)));
            requests.add(signer.sign(
                    UnsignedRequest.get(endpoint + "?target=nobody&method=echo&timeout=1&request=" + MARKER)));
            requests.add(signer.sign(UnsignedRequest.get(endpoint + "?" + MARKER + "=1&target=+" + MARKER)));
            requests.add(
                    signer.sign(UnsignedRequest.post(endpoint + "/pump/echo", "{\"request\":{\"" + MARKER + "\":1}}")));
            requests.add(signer.sign(UnsignedRequest.post(endpoint.toString(), "{\"" + MARKER + "\":" + MARKER)));
            requests.add(signer.sign(
                    UnsignedRequest.post(endpoint + "/pump/echo", "{\"request\":\"" + MARKER.repeat(30_000) + "\"}")));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            List<Integer> statuses = new ArrayList<>();
            for (SignedRequest request : requests) {
                HttpResponse<String> answer = client.send(request.toHttpRequest(), BodyHandlers.ofString());
                statuses.add(answer.statusCode());
            }
            assertThat(statuses).contains(200, 400, 403, 409, 413, 502, 504).doesNotContain(500);
        }
    }

    private static RequestSigner signer(AwsCredentialsIdentity identity) {
        return new RequestSigner(identity, new SigningScope("eu-central-1", SigningScope.EXECUTE_API));
    }
}
