package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a device and the service of its shadow say to each other: requests, and when they are sent again. All methods
 * are called by the shadow's thread, except {@link #missed}.
 */
final class ShadowDialogue {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ShadowAgent agent;
    private final ShadowRequests requests;
    private final Troubles troubles;
    private final ShadowThread thread;
    private final AtomicBoolean missed = new AtomicBoolean();

    /** The service wants a pause before the next report. */
    private boolean resting;

    ShadowDialogue(ShadowAgent agent, ShadowRequests requests, Troubles troubles, ShadowThread thread) {
        this.agent = agent;
        this.requests = requests;
        this.troubles = troubles;
        this.thread = thread;
    }

    /** A connection begins. */
    void connected() {
        agent.connected();
        troubles.connected();
        thread.cancel();
        thread.shortenPause();
        resting = false;
    }

    /** Messages of the service were lost: the shadow is asked for again, after a pause. Thread-safe. */
    void missed() {
        if (missed.compareAndSet(false, true)) {
            thread.run(() -> {
                agent.missed();
                askLater();
            });
        }
    }

    /** The device has changed properties by itself. */
    void changed(Map<String, JsonNode> properties) {
        properties.forEach(agent::report);
        work();
    }

    /** Asks for the shadow, until there is an answer. */
    void ask() {
        missed.set(false);
        request("get", agent.get(), this::ask);
    }

    private void askLater() {
        thread.afterPause(this::ask);
    }

    /** Takes a message of the service.
     *
     * @param kind the last two levels of the topic, as in {@code get/accepted}
     */
    void take(String kind, byte[] payload) {
        JsonNode message;
        try {
            message = Json.read(payload);
        } catch (MalformedJsonException notOfTheService) {
            return;
        }
        switch (kind) {
            case "get/accepted" -> follow(agent.got(message), message);
            case "get/rejected" -> follow(agent.getRejected(message), message);
            case "update/accepted" -> follow(agent.accepted(message), message);
            case "update/rejected" -> follow(agent.rejected(message), message);
            default -> take(agent.delta(message));
        }
    }

    /** A delta leaves the request that is under way alone. */
    private void take(Verdict ofDelta) {
        if (ofDelta == Verdict.GET_AGAIN) {
            askLater();
        } else {
            work();
        }
    }

    private void follow(Verdict verdict, JsonNode message) {
        switch (verdict) {
            case NOT_OURS -> {}
            case DONE -> {
                thread.cancel();
                thread.shortenPause();
                rested();
            }
            case RETRY -> retry();
            case DENIED -> {
                tell("the shadow's service does not allow a request, which is sent again", message);
                retry();
            }
            case GET_AGAIN -> askLater();
            case SMALLER -> {
                thread.cancel();
                work();
            }
            case REFUSED -> {
                thread.cancel();
                tell("the shadow's service refuses what is reported of a property, until the next connect", message);
                work();
            }
        }
    }

    private void retry() {
        resting = true;
        thread.afterPause(agent.isKnown() ? this::rested : this::ask);
    }

    private void tell(String what, JsonNode rejection) {
        troubles.tell(what + ": " + rejection.path("code").asInt() + " "
                + rejection.path("message").asText());
    }

    private void rested() {
        resting = false;
        work();
    }

    /** Applies what is due, and reports what is new. */
    private void work() {
        boolean more = true;
        while (more) {
            more = agent.applyNext();
        }
        if (resting) {
            return;
        }
        byte[] report = agent.nextReport();
        if (report != null) {
            request("update", report, () -> {
                agent.unanswered();
                work();
            });
        }
    }

    /** Publishes, and does the same again when no answer comes, or the broker refuses the message. */
    private void request(String verb, byte[] payload, Runnable again) {
        try {
            requests.publish(verb, payload, PATIENCE);
        } catch (TransportException failed) {
            if (failed.isRefusal()) {
                troubles.tell("the shadow cannot publish, and tries it again: " + failed.getMessage());
                thread.afterPause(again);
                return;
            }
            // Lost: asked again after the next connect, or when the wait is over.
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
        thread.after(PATIENCE, again);
    }
}
