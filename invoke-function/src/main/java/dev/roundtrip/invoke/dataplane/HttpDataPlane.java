package dev.roundtrip.invoke.dataplane;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.dataplane.Replies.Page;
import dev.roundtrip.invoke.dataplane.Replies.Reply;
import dev.roundtrip.invoke.dataplane.SdkSigner.Unsigned;
import dev.roundtrip.invoke.mqtt.BrokerAddress;
import dev.roundtrip.invoke.mqtt.CrtCredentials;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The data plane over HTTPS, on connections that are kept alive, and of which there are only so many. Thread-safe. */
public final class HttpDataPlane implements DataPlane {
    /** How long the broker may wait for a device's PUBACK, in seconds; source: SendDirectMessage, {@code timeout}. */
    private static final long MAX_CONFIRMATION_SECONDS = 15;

    /** The most questions at once; others wait for their turn. Our choice: 32 that take 100 ms each are more than the
     * 100 a second that AWS
     * IoT Core allows an account. */
    static final int MAX_QUESTIONS = 32;

    private static final String MAX_RESULTS = "200";

    /** Our choice: a device may have 50 subscriptions, but a page may be empty and not the last. */
    static final int MAX_PAGES = 8;

    private final SignedHttp http;
    private final Clocks clocks;
    private final int maxMessages;
    /** A permit for each direct message under way, and so for its connection. */
    private final Semaphore messages;
    /** A permit for each question under way, and so for its connection. */
    private final Semaphore questions = new Semaphore(MAX_QUESTIONS);

    /** Connects nothing yet.
     *
     * @param broker where the WebSocket listener is: the data plane has the same address
     * @param maxMessages the most direct messages at once, 1 or more: each holds a connection until its device has
     *     confirmed it
     */
    public HttpDataPlane(BrokerAddress broker, CrtCredentials credentials, int maxMessages, Clocks clocks) {
        this.http = new SignedHttp(broker, credentials, clocks);
        this.maxMessages = maxMessages;
        this.messages = new Semaphore(maxMessages);
        this.clocks = clocks;
    }

    @Override
    public Sent send(Command command) {
        if (!messages.tryAcquire()) {
            return new Refused(new InvocationResult.Throttled(
                    "the gateway has " + maxMessages + " direct messages under way, and sends no more at once"));
        }
        OnceBody body = new OnceBody(command.payload());
        try {
            return Replies.sent(http.exchange(message(command), body, command.deadline()));
        } catch (MqttException noKey) {
            return refused(String.valueOf(noKey.getMessage()));
        } catch (IOException failed) {
            if (body.withdraw() || isUntrusted(failed)) {
                return refused("the broker could not be reached, or is not trusted");
            }
            return new Cut();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return body.withdraw() ? refused("the function is stopping") : new Perhaps();
        } finally {
            messages.release();
        }
    }

    private Unsigned message(Command command) {
        long seconds = Math.clamp(command.deadline().remainingSecondsRoundedUp(), 1, MAX_CONFIRMATION_SECONDS);
        URI uri = http.uri(
                command.route().target(),
                "/messages?topic=" + SignedHttp.encode(command.requestTopic().value())
                        + "&confirmation=true&timeout=" + seconds
                        + "&contentType=" + SignedHttp.encode("application/json")
                        + "&responseTopic="
                        + SignedHttp.encode(command.answerTopic().value()));
        byte[] id = command.route().wireId().toString().getBytes(StandardCharsets.US_ASCII);
        String correlation = Base64.getEncoder().encodeToString(id);
        return new Unsigned("POST", uri, Map.of("x-amz-mqtt5-correlation-data", correlation), command.payload());
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
        return ask(http.uri(target, ""), deadline, Replies::connection);
    }

    @Override
    public Asked<List<String>> subscriptions(Target target, Deadline deadline) {
        List<String> filters = new ArrayList<>();
        String token = "";
        for (int page = 0; page < MAX_PAGES; page++) {
            URI uri = http.uri(target, "/subscriptions?maxResults=" + MAX_RESULTS + token);
            switch (ask(uri, deadline, Replies::subscriptions)) {
                case Unanswered<Page> unanswered -> {
                    return new Unanswered<>(unanswered.sentence(), unanswered.again());
                }
                case Answered<Page> answered -> {
                    filters.addAll(answered.answer().filters());
                    String next = answered.answer().nextToken();
                    if (next == null) {
                        return new Answered<>(List.copyOf(filters), answered.brokerTime(), answered.heardAt());
                    }
                    token = "&nextToken=" + SignedHttp.encode(next);
                }
            }
        }
        return new Unanswered<>("the broker came to no end with what the device subscribes to", Again.PERHAPS);
    }

    private <T> Asked<T> ask(URI uri, Deadline deadline, Function<Reply, @Nullable T> reading) {
        try {
            if (!questions.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                return new Unanswered<>("the gateway has too many questions for the broker at once", Again.PERHAPS);
            }
            try {
                return read(http.get(uri, deadline), reading);
            } finally {
                questions.release();
            }
        } catch (MqttException noKey) {
            return new Unanswered<>(String.valueOf(noKey.getMessage()), Again.PERHAPS);
        } catch (IOException failed) {
            return new Unanswered<>("the broker could not be asked whether the device is connected", Again.PERHAPS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Unanswered<>("the function is stopping", Again.NEVER);
        }
    }

    private <T> Asked<T> read(Reply reply, Function<Reply, @Nullable T> reading) {
        T answer = reading.apply(reply);
        if (answer != null) {
            return new Answered<>(answer, reply.date(), clocks.now());
        }
        boolean refused = reply.status() >= 400 && reply.status() < 500 && reply.status() != 429;
        return new Unanswered<>(
                "the broker did not say whether the device is connected: " + Replies.describe(reply),
                refused ? Again.NEVER : Again.PERHAPS);
    }

    @Override
    public void disconnect() {
        http.disconnect();
    }
}
