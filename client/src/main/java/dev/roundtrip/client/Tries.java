package dev.roundtrip.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.client.Outcome.CallFacts;
import dev.roundtrip.client.Outcome.DidNotRun;
import dev.roundtrip.client.Outcome.Failed;
import dev.roundtrip.client.Outcome.GoesOn;
import dev.roundtrip.client.Outcome.MayHaveRun;
import dev.roundtrip.client.Outcome.Ok;
import dev.roundtrip.client.Outcome.Refused;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/** Makes calls: tries, and tries again what is safe to repeat, within one deadline. Thread-safe.
 *
 * <p>Safe without a key is only what certainly did not run and may run later: 503, 429, and a connection that cannot be
 * made to an endpoint that was reached before. A key makes it safe to repeat
 * also what may have run. From then on only an answer that the device gave for the key ends the doubt: that a later try
 * did not run says nothing about the earlier one.
 */
final class Tries implements AutoCloseable {
    /** What an answer needs to come back after the gateway's time is over. */
    static final Duration MARGIN = Duration.ofMillis(500);

    private static final String LATE_CREDENTIALS = "the credentials did not come within the deadline";
    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);

    private final ClientSettings settings;
    private final Signer signer;
    private final HttpExchange http;
    private final Time time;
    private final Pauses pauses;
    private final AnswerReader reader;
    private volatile boolean reached;
    private volatile boolean closed;

    Tries(ClientSettings settings, Signer signer, HttpExchange http, Time time, Pauses pauses) {
        this.settings = settings;
        this.signer = signer;
        this.http = http;
        this.time = time;
        this.pauses = pauses;
        this.reader = new AnswerReader(settings.endpoint(), settings.mapper());
    }

    ObjectMapper mapper() {
        return settings.mapper();
    }

    /** Makes a call.
     *
     * @param body the members of the request's body; {@code timeout} and {@code wait} are adjusted for each try
     * @param total how long it may take
     * @throws InterruptedException when the thread is interrupted; the call may have run
     */
    Outcome run(Target target, Method method, ObjectNode body, Duration total) throws InterruptedException {
        if (closed) {
            throw new IllegalStateException("this client is closed");
        }
        URI uri = settings.endpoint().of(target, method);
        Deadline deadline = Deadline.in(total, time);
        @Nullable MayHaveRun doubt = null;
        for (int number = 1; ; number++) {
            Outcome outcome = tryOnce(
                    uri,
                    body,
                    deadline,
                    new Tally(number, doubt == null ? 0 : doubt.facts().unknown(), Duration.ZERO));
            if (outcome instanceof MayHaveRun unknown) {
                doubt = unknown;
            }
            if (!mayRepeat(outcome, body.has("key"))) {
                return settle(outcome, doubt, body.has("replay"));
            }
            Duration pause = pauses.after(number, retryAfter(outcome));
            Duration shortest = body.has("timeout") ? MARGIN : SHORTEST_TIMEOUT.plus(MARGIN);
            if (pause.plus(shortest).compareTo(deadline.remaining()) > 0) {
                return settle(outcome, doubt, body.has("replay"));
            }
            time.pause(pause);
            if (closed) {
                return settle(outcome, doubt, body.has("replay"));
            }
        }
    }

    private Outcome tryOnce(URI uri, ObjectNode body, Deadline deadline, Tally begun) throws InterruptedException {
        AwsCredentialsIdentity credentials;
        try {
            credentials = settings.credentials()
                    .resolveIdentity(ResolveIdentityRequest.builder().build())
                    .get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            return noCredentials(LATE_CREDENTIALS, begun, deadline);
        } catch (ExecutionException | RuntimeException failed) {
            Throwable cause =
                    failed instanceof ExecutionException && failed.getCause() != null ? failed.getCause() : failed;
            String why = Words.line(String.valueOf(cause.getMessage()), Words.MAX_MESSAGE);
            return noCredentials("no credentials: " + why, begun, deadline);
        }
        if (deadline.remaining().isZero()) {
            return noCredentials(LATE_CREDENTIALS, begun, deadline);
        }
        byte[] json = Json.write(timed(body, deadline));
        OnceBody once = new OnceBody(json);
        Reply reply = http.send(signer.sign(uri, json, once, credentials), once, deadline.remaining());
        switch (reply) {
            case Reply.Answered answered -> reached = true;
            case Reply.Lost lost -> reached = true;
            case Reply.Unsent unsent -> {}
        }
        return reader.read(reply, at(begun, deadline));
    }

    private static DidNotRun noCredentials(String why, Tally begun, Deadline deadline) {
        return AnswerReader.unsent(DidNotRun.Reason.NO_CREDENTIALS, why, at(begun, deadline));
    }

    private static Tally at(Tally begun, Deadline deadline) {
        return new Tally(begun.tries(), begun.unknown(), deadline.elapsed());
    }

    /** The body of a try: with the whole seconds that remain, unless the call is only handed over. */
    private ObjectNode timed(ObjectNode body, Deadline deadline) {
        ObjectNode timed = Json.object().setAll(body);
        if (!body.has("timeout")) {
            long remaining = deadline.remaining().minus(MARGIN).toSeconds();
            long timeout = Math.clamp(remaining, 1, settings.maxTimeout().toSeconds());
            timed.put("timeout", timeout);
            if (body.has("wait")) {
                timed.put("wait", Math.min(body.path("wait").longValue(), timeout));
            }
        }
        return timed;
    }

    /** Whether a repeat is safe, and may help. */
    private boolean mayRepeat(Outcome outcome, boolean keyed) {
        return switch (outcome) {
            case Ok ok -> false;
            case Failed failed -> false;
            case Refused refused -> false;
            case GoesOn goesOn -> false;
            case DidNotRun not ->
                switch (not.reason()) {
                    case OFFLINE, UNAVAILABLE, BUSY, THROTTLED -> true;
                    // Before the first answer it is mostly a wrong address, after that the network.
                    case UNREACHABLE -> reached;
                    case TOO_LARGE, INVALID, FORBIDDEN, NOT_FOUND, NOT_DEPLOYED, NOT_RECEIVED, NO_CREDENTIALS -> false;
                };
            case MayHaveRun unknown ->
                switch (unknown.reason()) {
                    case TIMEOUT, INTERNAL_ERROR, NO_GATEWAY_ANSWER, NO_ANSWER -> keyed;
                    case UNREADABLE_ANSWER, OVERTAKEN -> false;
                };
        };
    }

    private static @Nullable Duration retryAfter(Outcome outcome) {
        return outcome instanceof DidNotRun not ? not.retryAfter() : null;
    }

    /** How the call ended whose last try ended so.
     *
     * @param doubt the last try that may have run; null where there was none
     * @param replayOnly whether the tries only asked what became of the key, so that a refusal is the key's answer
     */
    private static Outcome settle(Outcome last, @Nullable MayHaveRun doubt, boolean replayOnly) {
        if (doubt == null) {
            return last;
        }
        return switch (last) {
            case Ok ok -> ok;
            case Failed failed -> failed;
            case GoesOn goesOn -> goesOn;
            case MayHaveRun unknown -> unknown;
            case Refused refused ->
                replayOnly || refused.facts().device().replayed() ? refused : stillUnknown(doubt, refused);
            case DidNotRun not -> stillUnknown(doubt, not);
        };
    }

    private static MayHaveRun stillUnknown(MayHaveRun doubt, Outcome last) {
        CallFacts first = doubt.facts();
        CallFacts all = last.facts();
        return new MayHaveRun(
                doubt.reason(),
                doubt.message(),
                last,
                new CallFacts(all.tries(), all.unknown(), all.elapsed(), first.status(), first.id(), first.device()));
    }

    /** Refuses further calls. */
    @Override
    public void close() {
        closed = true;
    }
}
