package dev.roundtrip.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.HttpExchange;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.HttpService;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.http.Unserved;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.journal.Masks;
import dev.roundtrip.local.log.LastLines;
import dev.roundtrip.local.story.Stories;
import dev.roundtrip.local.story.Story;
import dev.roundtrip.mqtt.Defects;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves the requests below {@code /_roundtrip/}, each on a virtual thread. Thread-safe. */
public final class LocalApi implements HttpService, AutoCloseable {
    /** How the paths of its requests begin. */
    public static final String PATH = "/_roundtrip/";

    private static final String ROOT = PATH + "v1/";
    private static final String SERVICE = "roundtrip";
    private static final HttpLimits LIMITS = new HttpLimits(8 * 1024, 16 * 1024, 64 * 1024);

    /** How many requests are served at once: each may read all of the journal. Our choice. */
    private static final int MOST_AT_ONCE = 4;

    /** How long a request waits for one of those to end; our choice. Who waits is bounded by the connections. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(2);

    private static final int DEFAULT_CALLS = 100;
    private static final int MOST_CALLS = 1_000;
    private static final int DEFAULT_LINES = 1_000;
    private static final int MOST_LINES = 100_000;

    private final Access access;
    private final ObservedCloud cloud;
    private final @Nullable Journal journal;
    private final LastLines log;
    private final ClientPrefix prefix;
    private final Told told;
    private final EventStreams streams;
    private final RefusedRequests refused;
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);

    /** What the local API tells of.
     *
     * @param journal null when there is none
     * @param masks what is not told of payloads
     * @param prefix of the deployment
     */
    public record Sources(
            ObservedCloud cloud, @Nullable Journal journal, Masks masks, LastLines log, ClientPrefix prefix) {}

    /** @param token who shows it may do everything
     * @param port where it is listened for
     * @param refused takes a line for each request without access
     */
    public LocalApi(Sources sources, String token, int port, RefusedRequests refused) {
        this.access = new Access(token, port);
        this.cloud = sources.cloud();
        this.journal = sources.journal();
        this.log = sources.log();
        this.prefix = sources.prefix();
        this.told = new Told(cloud, sources.masks());
        this.streams = new EventStreams(new EventReader.Sources(journal, log, prefix, told));
        this.refused = refused;
    }

    @Override
    public Set<String> signingNames() {
        return Set.of();
    }

    @Override
    public HttpLimits limits() {
        return LIMITS;
    }

    /** The token stands in the head: without it no body is taken. */
    @Override
    public Head judge(SignedRequest head) {
        try {
            access.check(head);
            return Head.TRUSTED;
        } catch (Refusal refusal) {
            return Head.NOT_ALLOWED;
        }
    }

    @Override
    public HttpReply refuse(Unserved why, @Nullable SignedRequest head, InetAddress source) {
        if (head != null) {
            try {
                access.check(head);
            } catch (Refusal refusal) {
                return refused(refusal, head, source);
            }
        }
        return switch (why) {
            case BAD_REQUEST, NOT_ALLOWED, TOO_SLOW ->
                Replies.refused(ApiError.INVALID_PARAMETERS, "the request cannot be read");
            case URI_TOO_LONG -> Replies.refused(ApiError.TOO_LARGE, "the request line is too long");
            case HEADERS_TOO_LARGE -> Replies.refused(ApiError.TOO_LARGE, "the headers are too large");
            case BODY_TOO_LONG ->
                Replies.refused(ApiError.TOO_LARGE, "the body may have at most " + LIMITS.body() + " bytes");
            case NO_ROOM -> Replies.refused(ApiError.BUSY, "too many bodies are coming in; try again");
            case FAILED -> Replies.refused(ApiError.INTERNAL_ERROR, "the local cloud has a defect");
        };
    }

    private HttpReply refused(Refusal refusal, SignedRequest head, InetAddress source) {
        HttpReply reply = Replies.refused(refusal.error(), String.valueOf(refusal.getMessage()));
        String id = UUID.randomUUID().toString();
        refused.refused(
                source,
                head,
                reply.status(),
                new RefusedRequests.Refused(SERVICE, id, refusal.error().word(), null, null));
        return reply;
    }

    @Override
    public void serve(HttpExchange exchange) {
        try {
            access.check(exchange.request());
        } catch (Refusal refusal) {
            exchange.answer(refused(refusal, exchange.request(), exchange.source()));
            return;
        }
        exchange.verified();
        Thread.ofVirtual().name("local-api").start(() -> answerInTurn(exchange));
    }

    private void answerInTurn(HttpExchange exchange) {
        if (!hasRoom()) {
            exchange.answer(Replies.refused(ApiError.BUSY, "too many requests at once; try again"));
            return;
        }
        try {
            answer(exchange);
        } catch (Refusal refusal) {
            exchange.answer(Replies.refused(refusal.error(), String.valueOf(refusal.getMessage())));
        } catch (RuntimeException | Error defect) {
            Defects.log("A request to the local API was not answered", defect);
            exchange.answer(Replies.refused(ApiError.INTERNAL_ERROR, "the local cloud has a defect"));
        } finally {
            room.release();
        }
    }

    private boolean hasRoom() {
        try {
            return room.tryAcquire(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void answer(HttpExchange exchange) throws Refusal {
        SignedRequest request = exchange.request();
        String path = request.path().startsWith(ROOT) ? request.path().substring(ROOT.length()) : "";
        if (path.startsWith("calls/")) {
            demand(request, "GET");
            exchange.answer(Replies.of(200, call(path.substring("calls/".length()), request)));
            return;
        }
        switch (path) {
            case "status" -> {
                plain(request, "GET");
                exchange.answer(Replies.of(200, status()));
            }
            case "things" -> {
                plain(request, "GET");
                exchange.answer(Replies.of(200, Json.object().set("things", cloud.things())));
            }
            case "calls" -> {
                demand(request, "GET");
                exchange.answer(Replies.of(200, calls(request)));
            }
            case "faults" -> exchange.answer(Replies.of(200, faults(request)));
            case "events" -> {
                demand(request, "GET");
                events(exchange);
            }
            case "logs" -> {
                demand(request, "GET");
                exchange.answer(Replies.of(200, logs(request)));
            }
            case "stop" -> {
                plain(request, "POST");
                stop(exchange);
            }
            default ->
                throw new Refusal(ApiError.NOT_FOUND, "there is nothing at this path; docs/local-api.md has all");
        }
    }

    private static void demand(SignedRequest request, String... methods) throws Refusal {
        if (!List.of(methods).contains(request.method())) {
            throw new Refusal(ApiError.METHOD_NOT_ALLOWED, "this path takes " + String.join(", ", methods));
        }
    }

    private static void plain(SignedRequest request, String... methods) throws Refusal {
        demand(request, methods);
        Parameters unused = new Parameters(request.query(), Set.of());
    }

    private ObjectNode status() {
        ObjectNode status = cloud.status();
        if (journal == null) {
            status.putNull("journal");
        } else {
            status.putObject("journal")
                    .put("entries", journal.next() - journal.first())
                    .put("maxEntries", journal.bounds().entries())
                    .put("payloadBytes", journal.payloadBytes())
                    .put("maxPayloadBytes", journal.bounds().payloadBytes())
                    .put("first", journal.first())
                    .put("next", journal.next());
        }
        return status.put("streams", streams.count());
    }

    private Journal demandJournal() throws Refusal {
        if (journal == null) {
            throw new Refusal(ApiError.CONFLICT, "the local cloud keeps no journal: start it without --no-journal");
        }
        return journal;
    }

    private JsonNode call(String id, SignedRequest request) throws Refusal {
        plain(request, "GET");
        Stories stories = Stories.of(demandJournal(), prefix);
        Story story =
                id.equals("last") ? stories.newestFirst().stream().findFirst().orElse(null) : stories.find(id);
        if (story == null) {
            throw new Refusal(
                    ApiError.NOT_FOUND,
                    id.equals("last")
                            ? "there is no call in the journal: make one, then ask again"
                            : "there is no such call in the journal: it never was, or is forgotten;"
                                    + " bin/local-cloud calls lists those that are there");
        }
        return told.whole(story);
    }

    private JsonNode calls(SignedRequest request) throws Refusal {
        Parameters query = new Parameters(request.query(), Set.of("device", "caller", "failed", "limit", "before"));
        CallFilter filter = CallFilter.of(query);
        long limit = query.number("limit", DEFAULT_CALLS, 1, MOST_CALLS);
        long before = query.number("before", Long.MAX_VALUE, 0, Long.MAX_VALUE);
        ObjectNode answer = Json.object();
        ArrayNode calls = answer.putArray("calls");
        Stories.of(demandJournal(), prefix).newestFirst().stream()
                .filter(story -> story.first().sequence() < before && filter.takes(story))
                .limit(limit)
                .forEach(story -> calls.add(told.summary(story)));
        return answer;
    }

    private JsonNode faults(SignedRequest request) throws Refusal {
        plain(request, "GET", "PUT", "DELETE");
        try {
            switch (request.method()) {
                case "PUT" -> cloud.replaceFaults(spec(request.body()));
                case "DELETE" -> cloud.replaceFaults("");
                default -> {}
            }
        } catch (IllegalArgumentException wrong) {
            throw Refusal.invalid(String.valueOf(wrong.getMessage()));
        } catch (IllegalStateException impossible) {
            throw new Refusal(ApiError.CONFLICT, String.valueOf(impossible.getMessage()));
        }
        return cloud.faults();
    }

    private static String spec(byte[] body) throws Refusal {
        try {
            JsonNode read = Json.read(body);
            if (read.isObject() && read.size() == 1 && read.path("spec").isTextual()) {
                return read.path("spec").asText();
            }
        } catch (MalformedJsonException noJson) {
            // Told below.
        }
        throw Refusal.invalid("the body must be {\"spec\":\"...\"}");
    }

    private void events(HttpExchange exchange) throws Refusal {
        SignedRequest request = exchange.request();
        EventFilter filter = EventFilter.of(new Parameters(request.query(), EventFilter.NAMES));
        EventId after = after(request);
        if (!filter.isLogOnly()) {
            demandJournal();
        }
        streams.open(() -> exchange.stream(Replies.stream()), filter, after);
    }

    private static @Nullable EventId after(SignedRequest request) throws Refusal {
        List<String> sent = request.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase("last-event-id"))
                .map(SignedRequest.Header::value)
                .filter(value -> !value.isEmpty())
                .toList();
        if (sent.isEmpty()) {
            return null;
        }
        EventId id = sent.size() == 1 ? EventId.of(sent.getFirst()) : null;
        if (id == null) {
            throw Refusal.invalid("the header Last-Event-ID must be the id of an event");
        }
        return id;
    }

    private JsonNode logs(SignedRequest request) throws Refusal {
        Parameters query = new Parameters(request.query(), Set.of("limit"));
        ObjectNode answer = Json.object();
        ArrayNode lines = answer.putArray("lines");
        long nextEntry = journal == null ? 0 : journal.next();
        long nextLine = log.next();
        for (LastLines.Line line : log.last((int) query.number("limit", DEFAULT_LINES, 1, MOST_LINES))) {
            lines.add(line.text());
            nextLine = line.number() + 1;
        }
        return answer.put("id", new EventId(nextEntry, nextLine).toString());
    }

    private void stop(HttpExchange exchange) throws Refusal {
        Runnable stop = cloud.stop();
        if (stop == null) {
            throw new Refusal(ApiError.CONFLICT, "this local cloud is a part of another program; stop that program");
        }
        // The answer is on its way before the connections are closed.
        exchange.answer(Replies.of(202, Json.object().put("stopping", true)));
        stop.run();
    }

    @Override
    public void interruptAll() {
        close();
    }

    /** Ends every stream of events. */
    @Override
    public void close() {
        streams.close();
    }
}
