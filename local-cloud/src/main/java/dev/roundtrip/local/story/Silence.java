package dev.roundtrip.local.story;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says why no answer came in time, message after message on their way. */
final class Silence {
    private static final int ERRORS = 128;
    private static final int QUOTA_EXCEEDED = 0x97;
    private static final int MOST_FILTERS = 5;

    private final Diagnoses call;
    private final Story story;

    private Silence(Diagnoses call) {
        this.call = call;
        this.story = call.story();
    }

    static Diagnosis of(Diagnoses call) {
        Silence silence = new Silence(call);
        Diagnosis forbidden = call.gatewayForbidden();
        if (forbidden != null) {
            return forbidden;
        }
        if (call.story().route() == null) {
            return call.unknown("No message of the call is in the journal.");
        }
        Diagnosis lost = silence.requestLost();
        if (lost != null) {
            return lost;
        }
        Entry sent = call.request(Step.SENT);
        return sent == null ? silence.notSent() : silence.afterRequest(sent);
    }

    /** The broker took the request, and did not deliver it; null when it did, or nobody was to get it. */
    private @Nullable Diagnosis requestLost() {
        Entry published = call.request(Step.PUBLISHED);
        if (published != null && published.code() >= ERRORS) {
            return published.code() == QUOTA_EXCEEDED
                    ? throttled("The broker discarded the request")
                    : new Diagnosis(
                            Cause.UNAVAILABLE,
                            "The broker refused the request with code 0x" + Integer.toHexString(published.code()) + ".",
                            "Read the log: bin/local-cloud logs.");
        }
        Diagnosis fault = call.fault();
        if (fault != null) {
            return fault;
        }
        Entry dropped = call.request(Step.DROPPED);
        if (dropped == null) {
            return null;
        }
        return switch (String.valueOf(dropped.detail())) {
            case "not_allowed" ->
                new Diagnosis(
                        Cause.RECEIVE_FORBIDDEN,
                        "The policy of " + story.target() + " forbids it to receive the request's topic "
                                + dropped.subject() + ".",
                        "Allow iot:Receive on this topic in policy.json of the thing.");
            case "quota" -> throttled("The broker discarded the request");
            case "too_large" ->
                new Diagnosis(
                        Cause.TOO_LARGE,
                        "The device does not take a message of this size.",
                        "Send a smaller request, or raise the Maximum Packet Size of the device.");
            case "away", "session_ended" -> absent("The broker keeps no message for " + story.target() + ".");
            default -> null;
        };
    }

    private static Diagnosis throttled(String what) {
        return new Diagnosis(
                Cause.THROTTLED,
                what + ": a rate is exceeded.",
                "Call less often, or from more connections; docs/settings.md has the rates.");
    }

    private Diagnosis absent(String otherwise) {
        return switch (Presence.of(story, call.target(), call.time())) {
            case Presence.Connected connected -> call.unknown(otherwise);
            case Presence.Away away -> call.absent(away);
            case Presence.NotYet later -> call.absent(later);
            case Presence.Never never -> call.absent(never);
        };
    }

    private Diagnosis notSent() {
        Presence presence = Presence.of(story, call.target(), call.time());
        if (!(presence instanceof Presence.Connected)) {
            return call.absent(presence);
        }
        if (call.request(Step.UNMATCHED) == null) {
            return call.unknown("The request did not reach the device.");
        }
        List<String> filters = call.target().subscriptions();
        return new Diagnosis(
                Cause.NOT_SUBSCRIBED,
                story.target() + " is connected, and none of its subscriptions matches the request's topic "
                        + story.requestTopic() + "."
                        + (filters.isEmpty()
                                ? " It has no subscription."
                                : " It subscribes to "
                                        + String.join(
                                                ", ",
                                                filters.stream()
                                                        .limit(MOST_FILTERS)
                                                        .toList())
                                        + (filters.size() > MOST_FILTERS ? " and more." : ".")),
                "Subscribe the device to " + story.target() + "/# or " + story.target() + "/+/+/+.");
    }

    private Diagnosis afterRequest(Entry sent) {
        List<Entry> refused = call.answers(Step.PUBLISH_REFUSED);
        if (!refused.isEmpty()) {
            Entry refusal = refused.getFirst();
            return new Diagnosis(
                    Cause.ANSWER_FORBIDDEN,
                    "The policy of " + story.target() + " forbids it to publish the answer's topic " + refusal.subject()
                            + Diagnoses.because(refusal) + ".",
                    "Allow iot:Publish on this topic in policy.json of the thing.");
        }
        List<Entry> answers = call.answers(Step.PUBLISHED);
        return answers.isEmpty() ? withoutAnswer(sent) : withAnswer(answers);
    }

    private Diagnosis withAnswer(List<Entry> answers) {
        Entry right = answers.stream().filter(this::mayHaveRightId).findFirst().orElse(null);
        if (right == null) {
            return new Diagnosis(
                    Cause.WRONG_ID,
                    "The device answered on the right topic, and the id in the payload is not that of the request.",
                    "Answer with the member id of the request, unchanged: \"id\":\"" + story.wireId() + "\".");
        }
        Entry end = story.end();
        if (end != null && right.sequence() > end.sequence()) {
            return new Diagnosis(
                    Cause.LATE_ANSWER,
                    "The device answered " + Diagnoses.millis(end.nanos(), right.nanos())
                            + " ms after the caller's deadline.",
                    "Give the call a longer timeout, or make the method faster.");
        }
        if (right.code() == QUOTA_EXCEEDED) {
            return throttled("The broker discarded the answer");
        }
        Optional<Entry> dropped = call.answers(Step.DROPPED).stream().findFirst();
        if (dropped.isPresent()) {
            return "quota".equals(dropped.get().detail())
                    ? throttled("The broker discarded the answer")
                    : call.unknown("The answer was not delivered to the gateway: "
                            + dropped.get().detail() + ".");
        }
        return call.unknown("The device answered in time.");
    }

    /** Whether the payload has the id of the call, or nobody knows. */
    private boolean mayHaveRightId(Entry answer) {
        if (answer.payload() == null) {
            return true;
        }
        Map<String, String> members = Members.texts(answer.payload());
        String id = members.get("id");
        return id == null ? answer.payload().length < answer.payloadLength() : id.equals(story.wireId());
    }

    private Diagnosis withoutAnswer(Entry sent) {
        for (Entry step : story.steps()) {
            if (isElsewhere(step)) {
                boolean refused = step.step() == Step.PUBLISH_REFUSED;
                return new Diagnosis(
                        Cause.WRONG_ANSWER_TOPIC,
                        story.target() + " published to " + step.subject()
                                + (refused
                                        ? ", which its policy forbids, and not to the answer's topic."
                                        : ", where" + " nobody waits for an answer."),
                        "Publish the answer to " + story.answerTopic() + ".");
            }
        }
        return new Diagnosis(
                Cause.NO_ANSWER,
                "The request reached " + sent.client() + ", and no answer came.",
                "Look at the device: it has to publish its answer to " + story.answerTopic() + ".");
    }

    /** Whether the device published what may be its answer, and not where the gateway waits for it. */
    private boolean isElsewhere(Entry step) {
        boolean published = step.step() == Step.PUBLISHED || step.step() == Step.PUBLISH_REFUSED;
        return published
                && !Diagnoses.isOfRequest(step)
                && step.client() != null
                && step.client().equals(story.target());
    }
}
