package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.dataplane.Replies.Reply;
import dev.roundtrip.invoke.dataplane.SdkSigner.Unsigned;
import dev.roundtrip.invoke.mqtt.BrokerAddress;
import dev.roundtrip.invoke.mqtt.CrtCredentials;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The data plane over HTTPS, signed with Signature Version 4, on connections that are kept alive. Thread-safe. */
public final class HttpDataPlane implements DataPlane {
    /** How long the broker may wait for a device's PUBACK, in seconds; source: SendDirectMessage, {@code timeout}. */
    private static final long MAX_CONFIRMATION_SECONDS = 15;

    /** What cannot be sent must be known a little before the caller is told "perhaps". */
    private static final Duration RESERVE = Duration.ofMillis(25);

    private static final String MAX_RESULTS = "200";

    private final CrtCredentials credentials;
    private final SdkSigner signer;
    private final WarmHttp http;
    private final String origin;

    /** Connects nothing yet.
     *
     * @param broker where the WebSocket listener is: the data plane has the same address
     */
    public HttpDataPlane(BrokerAddress broker, CrtCredentials credentials) {
        this.credentials = credentials;
        this.signer = new SdkSigner(broker.region());
        this.http = new WarmHttp(broker);
        String host = broker.host().indexOf(':') < 0 ? broker.host() : "[" + broker.host() + "]";
        this.origin = "https://" + host + (broker.port() == 443 ? "" : ":" + broker.port());
    }

    @Override
    public Sent send(Command command) {
        long seconds = Math.clamp(command.deadline().remainingSecondsRoundedUp(), 1, MAX_CONFIRMATION_SECONDS);
        URI uri = uri(
                command.route().target(),
                "/messages?topic=" + encode(command.requestTopic().value())
                        + "&confirmation=true&timeout=" + seconds
                        + "&contentType=" + encode("application/json")
                        + "&responseTopic=" + encode(command.answerTopic().value()));
        byte[] id = command.route().id().toString().getBytes(StandardCharsets.US_ASCII);
        Map<String, String> headers =
                Map.of("x-amz-mqtt5-correlation-data", Base64.getEncoder().encodeToString(id));
        OnceBody body = new OnceBody(command.payload());
        try {
            HttpRequest.Builder request = signer.sign(
                    new Unsigned("POST", uri, headers, command.payload()), credentials.resolve(command.deadline()));
            return Replies.sent(reply(exchange(request.POST(body), command.deadline())));
        } catch (MqttException noKey) {
            return refused(String.valueOf(noKey.getMessage()));
        } catch (IOException failed) {
            if (body.mayHaveLeft() && !isUntrusted(failed)) {
                return new Perhaps();
            }
            return refused("the broker could not be reached, or is not trusted");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return body.mayHaveLeft() ? new Perhaps() : refused("the function is stopping");
        }
    }

    private static Refused refused(String sentence) {
        return new Refused(new InvocationResult.Unavailable(sentence));
    }

    /** A server whose certificate we refused has not got a single byte of the request. */
    private static boolean isUntrusted(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Asked<Connection> connection(Target target, Deadline deadline) {
        return ask(uri(target, ""), deadline, Replies::connection);
    }

    @Override
    public Asked<List<String>> subscriptions(Target target, Deadline deadline) {
        return ask(uri(target, "/subscriptions?maxResults=" + MAX_RESULTS), deadline, Replies::subscriptions);
    }

    private <T> Asked<T> ask(URI uri, Deadline deadline, Function<Reply, @Nullable T> reading) {
        try {
            HttpRequest.Builder request =
                    signer.sign(new Unsigned("GET", uri, Map.of(), new byte[0]), credentials.resolve(deadline));
            HttpResponse<byte[]> response = exchange(request.method("GET", BodyPublishers.noBody()), deadline);
            Reply reply = reply(response);
            T answer = reading.apply(reply);
            if (answer != null) {
                return new Answered<>(answer, date(response.headers()), System.nanoTime());
            }
            boolean refused = reply.status() >= 400 && reply.status() < 500 && reply.status() != 429;
            return new Unanswered<>(
                    "the broker did not say whether the device is connected: " + Replies.describe(reply),
                    refused ? Again.NEVER : Again.PERHAPS);
        } catch (MqttException noKey) {
            return new Unanswered<>(String.valueOf(noKey.getMessage()), Again.PERHAPS);
        } catch (IOException failed) {
            return new Unanswered<>("the broker could not be asked whether the device is connected", Again.PERHAPS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Unanswered<>("the function is stopping", Again.NEVER);
        }
    }

    private HttpResponse<byte[]> exchange(HttpRequest.Builder request, Deadline deadline)
            throws IOException, InterruptedException {
        Duration limit = deadline.remaining().minus(RESERVE);
        if (!limit.isPositive()) {
            throw new IOException("the time was over before the request was sent");
        }
        HttpResponse<byte[]> response =
                http.client().send(request.timeout(limit).build(), BodyHandlers.ofByteArray());
        http.heard();
        return response;
    }

    private static Reply reply(HttpResponse<byte[]> response) {
        return new Reply(
                response.statusCode(),
                response.headers().firstValue("x-amzn-ErrorType").orElse(""),
                response.body());
    }

    private static @Nullable Instant date(HttpHeaders headers) {
        try {
            return headers.firstValue("Date")
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant())
                    .orElse(null);
        } catch (DateTimeException malformed) {
            return null;
        }
    }

    private URI uri(Target target, String part) {
        return URI.create(origin + "/connections/" + encode(target.value()) + part);
    }

    /** As RFC 3986 has it, and so the signature. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    @Override
    public void disconnect() {
        http.disconnect();
        credentials.forget();
    }
}
