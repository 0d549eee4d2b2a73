package dev.roundtrip.local.story;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Step;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says why a call ended as it did: a function of what is known, without a memory. */
public final class Diagnoses {
    /** A call that has no answer after this time never gets one that the journal can join; our choice, twice API
     * Gateway's longest.
     */
    private static final long LONGEST_NANOS = 60_000_000_000L;

    private static final int TOO_LARGE = 413;
    private static final int THROTTLED = 429;
    private static final String ACCESS_DENIED = "AccessDeniedException";

    private final Story story;
    private final TargetState target;
    private final Timeline time;

    private Diagnoses(Story story, TargetState target, Timeline time) {
        this.story = story;
        this.target = target;
        this.time = time;
    }

    /** The diagnosis of a call.
     *
     * @param target what is known of its target
     * @param now the time
     */
    public static Diagnosis of(Story story, TargetState target, Timeline now) {
        Diagnoses diagnoses = new Diagnoses(story, target, now);
        Entry end = story.end();
        Outcome outcome = story.outcome();
        if (end == null || outcome == null) {
            return now.nanos() - story.first().nanos() > LONGEST_NANOS
                    ? diagnoses.unknown("The journal has no answer to the caller.")
                    : new Diagnosis(Cause.RUNNING, "The call has not ended yet.", null);
        }
        if (end.step() == Step.REFUSED) {
            return refusedByApi(end, outcome);
        }
        return outcome.result() == null ? diagnoses.functionFailed(outcome) : diagnoses.told(outcome, outcome.result());
    }

    private static Diagnosis refusedByApi(Entry end, Outcome outcome) {
        String detail = String.valueOf(end.detail());
        if (detail.startsWith(ACCESS_DENIED)) {
            int colon = detail.indexOf(": ");
            return new Diagnosis(
                    Cause.CALLER_FORBIDDEN,
                    "The caller's policy does not allow the call"
                            + (colon < 0 ? "." : ": " + detail.substring(colon + 2) + "."),
                    "Allow execute-api:Invoke on this resource in policy.json of the caller.");
        }
        if (outcome.status() == TOO_LARGE) {
            return new Diagnosis(Cause.TOO_LARGE, "The API takes no request of this size.", "Send a smaller request.");
        }
        if (outcome.status() == THROTTLED) {
            return new Diagnosis(
                    Cause.THROTTLED, "The API had no room for the request.", "Repeat the call a little later.");
        }
        return new Diagnosis(
                Cause.SIGNATURE,
                "The API refused the request before any policy: " + detail + ".",
                signatureAdvice(detail));
    }

    private static String signatureAdvice(String error) {
        return switch (error) {
            case "MissingAuthenticationTokenException" ->
                "Sign the request with AWS Signature Version 4 for the service execute-api, and check path and HTTP"
                        + " method: the API answers the same for a path that it does not have.";
            case "UnrecognizedClientException" ->
                "Use an access key that this local cloud knows: source the file env of its state directory.";
            default ->
                "Check secret key, region, service (execute-api), clock, and that nothing changes the request"
                        + " after it is signed.";
        };
    }

    private Diagnosis functionFailed(Outcome outcome) {
        Entry failed = last(Step.FUNCTION_FAILED);
        return new Diagnosis(
                Cause.FUNCTION_FAILED,
                failed == null
                        ? "The function gave no answer; API Gateway answered " + outcome.status() + " by itself."
                        : "The function gave no answer: " + failed.detail() + ".",
                "Read the log: bin/local-cloud logs.");
    }

    private Diagnosis told(Outcome outcome, String result) {
        return switch (result) {
            case "ok" -> new Diagnosis(Cause.OK, answered(), null);
            case "accepted" ->
                new Diagnosis(
                        Cause.OK, "The request was handed over, and the caller did not wait for an answer.", null);
            case "device_error" -> deviceError(outcome);
            case "refused" -> refused(outcome);
            case "offline" -> absent(Presence.of(story, target, time));
            case "timeout" -> Silence.of(this);
            case "unavailable" -> unavailable(outcome);
            case "throttled" ->
                new Diagnosis(Cause.THROTTLED, said("A limit was reached", outcome), "Repeat the call a little later.");
            case "too_large" ->
                new Diagnosis(
                        Cause.TOO_LARGE,
                        said("The request is too large", outcome),
                        "Send a smaller request: AWS IoT takes 128 KB for a message.");
            case "invalid_parameters" ->
                new Diagnosis(Cause.INVALID_PARAMETERS, said("The request is no call", outcome), "Mend the request.");
            case "internal_error" ->
                new Diagnosis(
                        Cause.FUNCTION_FAILED, "The function has a defect.", "Read the log: bin/local-cloud logs.");
            default -> unknown("The caller was told " + outcome.status() + " " + result + ".");
        };
    }

    private String answered() {
        Entry sent = request(Step.SENT);
        Entry answer = answers(Step.PUBLISHED).stream().findFirst().orElse(null);
        return sent == null || answer == null
                ? "The device answered."
                : "The device answered after " + millis(sent.nanos(), answer.nanos()) + " ms.";
    }

    private static Diagnosis deviceError(Outcome outcome) {
        if ("unreadable_answer".equals(outcome.code())) {
            return new Diagnosis(
                    Cause.DEVICE_ERROR,
                    "The device answered, and its answer cannot be read.",
                    "Answer a JSON object with the request's id and exactly one of response, error and refused.");
        }
        return new Diagnosis(
                Cause.DEVICE_ERROR,
                "The method ran on the device and failed" + coded(outcome) + ".",
                "Look at the device: the failure is its own.");
    }

    private Diagnosis refused(Outcome outcome) {
        if ("unknown_method".equals(outcome.code())) {
            return new Diagnosis(
                    Cause.UNKNOWN_METHOD,
                    "The device refused (unknown_method): it has no method " + story.method() + ".",
                    "Check the spelling of the method, or add it to the device.");
        }
        return new Diagnosis(
                Cause.REFUSED,
                "The device refused, and did not run the method" + coded(outcome) + ".",
                "busy".equals(outcome.code()) ? "Repeat the call a little later." : "The answer's error says why.");
    }

    private static String coded(Outcome outcome) {
        return outcome.code() == null ? "" : " (" + outcome.code() + ")";
    }

    private static String said(String what, Outcome outcome) {
        return what + (outcome.message() == null ? "." : ": " + outcome.message() + ".");
    }

    private Diagnosis unavailable(Outcome outcome) {
        Diagnosis forbidden = gatewayForbidden();
        if (forbidden != null) {
            return forbidden;
        }
        Diagnosis fault = fault();
        return fault != null
                ? fault
                : new Diagnosis(
                        Cause.UNAVAILABLE,
                        said("The gateway could not use the broker", outcome),
                        "Repeat the call; read the log when that does not help: bin/local-cloud logs.");
    }

    /** The gateway's policy is the reason; null when it is not. */
    @Nullable Diagnosis gatewayForbidden() {
        for (Entry step : story.steps()) {
            String what = switch (step.step()) {
                case PUBLISH_REFUSED ->
                    isOfRequest(step) ? "forbids to publish the request's topic " + step.subject() : null;
                case SUBSCRIBE_REFUSED -> "forbids to subscribe " + step.subject();
                case CONNECT_REFUSED -> "forbids to connect as " + step.client();
                default -> null;
            };
            if (what != null) {
                return new Diagnosis(
                        Cause.GATEWAY_FORBIDDEN,
                        "The policy of the function's role " + what + because(step) + ".",
                        "Mend gateway-policy.json in the state directory, or delete the file: the next start makes it"
                                + " anew.");
            }
        }
        return null;
    }

    /** A fault is the reason; null when none touched a message so that it was lost or late. */
    @Nullable Diagnosis fault() {
        for (Entry step : story.steps()) {
            String word = String.valueOf(step.detail());
            if (step.step() == Step.FAULT && !word.startsWith("forge") && !word.startsWith("duplicate")) {
                return new Diagnosis(
                        Cause.FAULT,
                        "The injected fault " + word + " touched the " + (isOfRequest(step) ? "request" : "answer")
                                + ".",
                        "End the faults: bin/local-cloud faults off.");
            }
        }
        return null;
    }

    /** The target was not there. */
    Diagnosis absent(Presence presence) {
        String name = story.target() == null ? "the device" : story.target();
        return switch (presence) {
            case Presence.Never never ->
                new Diagnosis(
                        Cause.NEVER_CONNECTED,
                        "Nobody ever connected as " + name
                                + (target.registered() ? "." : ", and there is no such thing."),
                        target.similar() == null
                                ? "Start the device with this client id"
                                        + (target.registered()
                                                ? "."
                                                : "; make the thing with bin/local-cloud provision " + name + ".")
                                : "Did you mean " + target.similar()
                                        + "? Otherwise start the device with this client id.");
            case Presence.Away away ->
                new Diagnosis(
                        Cause.AWAY,
                        name + " is not connected" + (away.since() == null ? "" : " since " + away.since())
                                + (away.reason() == null ? "" : " (" + away.reason() + ")") + ".",
                        "Start the device, or look why its connection ended.");
            case Presence.NotYet later ->
                new Diagnosis(
                        Cause.AWAY,
                        name + " was not connected when the call was made; it connected at " + later.connected() + ".",
                        "Repeat the call.");
            case Presence.Connected connected ->
                new Diagnosis(
                        Cause.AWAY,
                        name + " is connected now, and the function was told that it is not.",
                        "Repeat the call.");
        };
    }

    Diagnosis unknown(String sentence) {
        return new Diagnosis(
                Cause.UNKNOWN, sentence + " The journal does not say why.", "Read the log: bin/local-cloud logs.");
    }

    static String because(Entry refusal) {
        return refusal.detail() == null ? "" : ": " + refusal.detail();
    }

    static String millis(long from, long to) {
        return String.format(Locale.ROOT, "%.1f", Timeline.millis(from, to));
    }

    Story story() {
        return story;
    }

    TargetState target() {
        return target;
    }

    Timeline time() {
        return time;
    }

    private @Nullable Entry last(Step step) {
        Entry found = null;
        for (Entry each : story.steps()) {
            found = each.step() == step ? each : found;
        }
        return found;
    }

    static boolean isOfRequest(Entry step) {
        CallTopic topic = CallTopic.of(step.subject());
        return topic != null && topic.kind() == CallTopic.Kind.REQUEST;
    }

    /** The first such step of the request; null when there is none. */
    @Nullable Entry request(Step step) {
        for (Entry each : story.steps()) {
            if (each.step() == step && isOfRequest(each)) {
                return each;
            }
        }
        return null;
    }

    /** Such steps on the topic on which the gateway waits for the answer. */
    List<Entry> answers(Step step) {
        String topic = story.answerTopic();
        return story.steps().stream()
                .filter(each -> each.step() == step && topic.equals(each.subject()))
                .toList();
    }
}
