import dev.roundtrip.sigv4.HeaderLine;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** {@code Call.java TARGET METHOD REQUEST [KEY]}: calls a device, and repeats the call where that is safe.
 *
 * <p>REQUEST is a JSON value. KEY names the effect: with a key, a call that may have run can be repeated.
 */
class Call {
    private static final int ATTEMPTS = 5;

    /** How a call ended, with the exit code that says so. */
    enum Outcome {
        RAN(0),
        DID_NOT_RUN(1),
        MAY_HAVE_RUN(3),
        RAN_AND_FAILED(4);

        final int exitCode;

        Outcome(int exitCode) {
            this.exitCode = exitCode;
        }
    }

    /** What one attempt ended with.
     *
     * @param status 0 where no answer came, -1 where nothing was sent
     * @param retryAfter seconds
     */
    record Answer(int status, long retryAfter, String body) {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3 && arguments.length != 4) {
            System.err.println("usage: Call.java TARGET METHOD REQUEST [KEY]");
            System.exit(2);
        }
        String json = "{\"target\":\"%s\",\"method\":\"%s\",\"request\":%s,\"timeout\":5}"
                .formatted(arguments[0], arguments[1], arguments[2]);
        List<HeaderLine> headers = new ArrayList<>(List.of(new HeaderLine("Content-Type", "application/json")));
        if (arguments.length == 4) {
            headers.add(new HeaderLine("Idempotency-Key", arguments[3]));
        }
        UnsignedRequest request = new UnsignedRequest(
                "POST",
                URI.create(System.getenv("API_ENDPOINT")),
                headers,
                json.getBytes(StandardCharsets.UTF_8));
        // One for the process: a new connection costs more than a call.
        try (HttpClient http = HttpClient.newHttpClient()) {
            System.exit(call(http, request, arguments.length == 4).exitCode);
        }
    }

    /** Calls until the outcome is known, or a repetition would not be safe. Prints the last body. */
    private static Outcome call(HttpClient http, UnsignedRequest request, boolean hasKey) throws InterruptedException {
        boolean mayHaveRun = false;
        for (int attempt = 1; ; attempt++) {
            Answer answer = send(http, request);
            boolean isLast = attempt == ATTEMPTS;
            switch (answer.status()) {
                case 200 -> {
                    return end(Outcome.RAN, answer);
                }
                case 400, 403, 409, 413 -> isLast = true; // the same call has the same end
                case -1, 429, 503 -> {} // did not run
                case 502 -> {
                    if (answer.body().contains("\"result\":\"device_error\"")) {
                        return end(Outcome.RAN_AND_FAILED, answer);
                    }
                    mayHaveRun = true;
                }
                default -> mayHaveRun = true; // 500, 504, or no answer
            }
            if (isLast || mayHaveRun && !hasKey) {
                // What a repetition says of itself, it does not say of the first attempt.
                return end(mayHaveRun ? Outcome.MAY_HAVE_RUN : Outcome.DID_NOT_RUN, answer);
            }
            long pause = TimeUnit.SECONDS.toMillis(answer.retryAfter()) * attempt;
            Thread.sleep(pause + ThreadLocalRandom.current().nextLong(pause / 2 + 1));
        }
    }

    private static Outcome end(Outcome outcome, Answer answer) {
        System.out.println(answer.body());
        return outcome;
    }

    /** Signs and makes one call. A signature is good for five minutes, so each attempt gets its own. */
    private static Answer send(HttpClient http, UnsignedRequest request) throws InterruptedException {
        RequestSigner signer = new RequestSigner(
                credentials(), new SigningScope(System.getenv("AWS_REGION"), SigningScope.EXECUTE_API));
        try {
            HttpResponse<String> answer = http.sendAsync(signer.sign(request).toHttpRequest(), BodyHandlers.ofString())
                    .get(35, TimeUnit.SECONDS); // API Gateway gives up after 29 s
            return new Answer(
                    answer.statusCode(), answer.headers().firstValueAsLong("Retry-After").orElse(1), answer.body());
        } catch (TimeoutException late) {
            return new Answer(0, 1, "no answer");
        } catch (ExecutionException failed) {
            boolean isSent = !(failed.getCause() instanceof ConnectException);
            return new Answer(isSent ? 0 : -1, 1, String.valueOf(failed.getCause()));
        }
    }

    private static AwsCredentialsIdentity credentials() {
        String id = System.getenv("AWS_ACCESS_KEY_ID");
        String secret = System.getenv("AWS_SECRET_ACCESS_KEY");
        String token = System.getenv("AWS_SESSION_TOKEN");
        return token == null
                ? AwsCredentialsIdentity.create(id, secret)
                : AwsSessionCredentialsIdentity.create(id, secret, token);
    }
}
