package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Deadline;
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
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests to the data plane, each signed with Signature Version 4, and their replies. Thread-safe; methods block. */
final class SignedHttp {
    /** What cannot be sent must be known a little before the caller is told "perhaps". */
    private static final Duration RESERVE = Duration.ofMillis(25);

    private final CrtCredentials credentials;
    private final SdkSigner signer;
    private final WarmHttp http;
    private final String origin;

    SignedHttp(BrokerAddress broker, CrtCredentials credentials, Clocks clocks) {
        this.credentials = credentials;
        this.signer = new SdkSigner(broker.region());
        this.http = new WarmHttp(broker, clocks);
        String host = broker.host().indexOf(':') < 0 ? broker.host() : "[" + broker.host() + "]";
        this.origin = "https://" + host + (broker.port() == 443 ? "" : ":" + broker.port());
    }

    /** A resource of a device's connection.
     *
     * @param part behind the device's name, encoded already
     */
    URI uri(Target target, String part) {
        return URI.create(origin + "/connections/" + encode(target.value()) + part);
    }

    /** As RFC 3986 has it, and so the signature. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    /** Reads a resource.
     *
     * @throws MqttException when there is no key to sign with
     * @throws IOException when there is no reply before the deadline
     * @throws InterruptedException when the thread was interrupted
     */
    Reply get(URI uri, Deadline deadline) throws MqttException, IOException, InterruptedException {
        Unsigned unsigned = new Unsigned("GET", uri, Map.of(), new byte[0]);
        return exchange(unsigned, BodyPublishers.noBody(), deadline);
    }

    /** Sends what is unsigned yet, with its body published by another.
     *
     * @throws MqttException when there is no key to sign with; nothing was sent
     * @throws IOException when there is no reply before the deadline
     * @throws InterruptedException when the thread was interrupted
     */
    Reply exchange(Unsigned unsigned, BodyPublisher body, Deadline deadline)
            throws MqttException, IOException, InterruptedException {
        HttpRequest.Builder request = signer.sign(unsigned, credentials.resolve(deadline));
        Duration limit = deadline.remaining().minus(RESERVE);
        if (!limit.isPositive()) {
            throw new IOException("the time was over before the request was sent");
        }
        HttpResponse<byte[]> response =
                http.exchange(request.method(unsigned.method(), body).build(), limit);
        return new Reply(
                response.statusCode(),
                response.headers().firstValue("x-amzn-ErrorType").orElse(""),
                date(response.headers()),
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

    void disconnect() {
        http.disconnect();
        credentials.forget();
    }
}
