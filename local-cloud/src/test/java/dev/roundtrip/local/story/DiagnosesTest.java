package dev.roundtrip.local.story;

import static dev.roundtrip.local.story.HandMadeJournal.CALLER;
import static dev.roundtrip.local.story.HandMadeJournal.GATEWAY;
import static dev.roundtrip.local.story.HandMadeJournal.answerTopic;
import static dev.roundtrip.local.story.HandMadeJournal.body;
import static dev.roundtrip.local.story.HandMadeJournal.id;
import static dev.roundtrip.local.story.HandMadeJournal.requestId;
import static dev.roundtrip.local.story.HandMadeJournal.requestTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.roundtrip.local.journal.Step;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The cause of each ending, and near misses, out of journals that a test wrote. */
class DiagnosesTest {
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int QUOTA_EXCEEDED = 0x97;
    private static final String FORBIDDEN = "statement 2 of policy pump";

    private static Arguments row(String what, Cause cause, Consumer<HandMadeJournal> steps) {
        return arguments(what, cause, steps);
    }

    private static HandMadeJournal reached(HandMadeJournal journal) {
        return journal.connected().handedOver(1).asked(1).delivered(1);
    }

    private static String error(String result, String code) {
        return "{\"result\":\"" + result + "\",\"error\":{\"code\":\"" + code + "\",\"message\":\"why\"}}";
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                row("answered", Cause.OK, it -> reached(it).answered(1).told(1, 200, body(1, "ok"))),
                row("handed over", Cause.OK, it -> reached(it).told(1, 202, body(1, "accepted"))),
                row("not ended", Cause.RUNNING, it -> reached(it)),
                row("silent device", Cause.NO_ANSWER, it -> reached(it).timedOut(1)),
                row(
                        "another call is answered",
                        Cause.NO_ANSWER,
                        it -> reached(it)
                                .published("pump", "gw/" + id(2) + "/pump/other/status", "{}")
                                .timedOut(1)),
                row(
                        "another device answers",
                        Cause.NO_ANSWER,
                        it -> reached(it)
                                .published("valve", "status/" + id(1), "{}")
                                .timedOut(1)),
                row(
                        "answer with another id",
                        Cause.WRONG_ID,
                        it -> reached(it)
                                .answered(1, "{\"id\":\"" + id(2) + "\",\"response\":1}")
                                .timedOut(1)),
                row(
                        "answer without an id",
                        Cause.WRONG_ID,
                        it -> reached(it).answered(1, "{\"response\":1}").timedOut(1)),
                row(
                        "late answer",
                        Cause.LATE_ANSWER,
                        it -> reached(it).timedOut(1).answered(1)),
                row(
                        "wrong id, and late the right one",
                        Cause.LATE_ANSWER,
                        it -> reached(it)
                                .answered(1, "{\"id\":\"x\"}")
                                .timedOut(1)
                                .answered(1)),
                row(
                        "answer in time that was not delivered",
                        Cause.UNKNOWN,
                        it -> reached(it).answered(1).timedOut(1)),
                row(
                        "answer's rate",
                        Cause.THROTTLED,
                        it -> reached(it)
                                .answered(1)
                                .step(Step.DROPPED, null, answerTopic(1), "quota")
                                .timedOut(1)),
                row(
                        "answer elsewhere",
                        Cause.WRONG_ANSWER_TOPIC,
                        it -> reached(it)
                                .published("pump", "gw/" + id(1) + "/ack", "{}")
                                .timedOut(1)),
                row(
                        "id in the payload elsewhere",
                        Cause.WRONG_ANSWER_TOPIC,
                        it -> reached(it)
                                .published("pump", "status", "{\"id\":\"" + id(1) + "\"}")
                                .timedOut(1)),
                row(
                        "answer elsewhere that is forbidden",
                        Cause.WRONG_ANSWER_TOPIC,
                        it -> reached(it)
                                .step(Step.PUBLISH_REFUSED, "pump", "gw/ack", FORBIDDEN)
                                .timedOut(1)),
                row(
                        "answer is forbidden",
                        Cause.ANSWER_FORBIDDEN,
                        it -> reached(it)
                                .step(Step.PUBLISH_REFUSED, "pump", answerTopic(1), FORBIDDEN)
                                .timedOut(1)),
                row(
                        "request may not be received",
                        Cause.RECEIVE_FORBIDDEN,
                        it -> it.connected()
                                .handedOver(1)
                                .asked(1)
                                .step(Step.DROPPED, "pump", requestTopic(1), "not_allowed")
                                .timedOut(1)),
                row(
                        "nobody subscribes",
                        Cause.NOT_SUBSCRIBED,
                        it -> it.connected()
                                .handedOver(1)
                                .asked(1)
                                .step(Step.UNMATCHED, null, requestTopic(1))
                                .timedOut(1)),
                row(
                        "never there",
                        Cause.NEVER_CONNECTED,
                        it -> it.handedOver(1)
                                .asked(1)
                                .step(Step.UNMATCHED, null, requestTopic(1))
                                .timedOut(1)),
                row(
                        "came later",
                        Cause.AWAY,
                        it -> it.handedOver(1)
                                .asked(1)
                                .step(Step.UNMATCHED, null, requestTopic(1))
                                .connected()
                                .timedOut(1)),
                row(
                        "away",
                        Cause.AWAY,
                        it -> it.connected()
                                .step(Step.DISCONNECTED, "pump", "certificate", "CONNECTION_LOST")
                                .handedOver(1)
                                .asked(1)
                                .step(Step.UNMATCHED, null, requestTopic(1))
                                .timedOut(1)),
                row(
                        "known to be away",
                        Cause.AWAY,
                        it -> it.connected()
                                .step(Step.DISCONNECTED, "pump", "certificate", "CLIENT_INITIATED_DISCONNECT")
                                .handedOver(1)
                                .asked(1)
                                .told(1, 503, body(1, "offline"))),
                row(
                        "request was dropped by a fault",
                        Cause.FAULT,
                        it -> it.connected()
                                .handedOver(1)
                                .asked(1)
                                .step(Step.FAULT, "pump", requestTopic(1), "drop")
                                .timedOut(1)),
                row(
                        "answer was delayed by a fault",
                        Cause.FAULT,
                        it -> reached(it)
                                .step(Step.FAULT, GATEWAY, answerTopic(1), "delay")
                                .answered(1)
                                .timedOut(1)),
                row(
                        "a doubled request explains nothing",
                        Cause.NO_ANSWER,
                        it -> reached(it)
                                .step(Step.FAULT, "pump", requestTopic(1), "duplicate")
                                .timedOut(1)),
                row(
                        "request's rate",
                        Cause.THROTTLED,
                        it -> it.connected()
                                .handedOver(1)
                                .step(Step.PUBLISHED, GATEWAY, requestTopic(1), QUOTA_EXCEEDED)
                                .timedOut(1)),
                row(
                        "gateway may not publish",
                        Cause.GATEWAY_FORBIDDEN,
                        it -> it.connected()
                                .handedOver(1)
                                .step(Step.PUBLISH_REFUSED, GATEWAY, requestTopic(1), FORBIDDEN)
                                .timedOut(1)),
                row(
                        "gateway may not connect",
                        Cause.GATEWAY_FORBIDDEN,
                        it -> it.handedOver(1)
                                .step(Step.CONNECT_REFUSED, GATEWAY, "role", FORBIDDEN)
                                .told(1, 503, body(1, "unavailable"))),
                row(
                        "another client may not connect",
                        Cause.UNAVAILABLE,
                        it -> it.handedOver(1)
                                .step(Step.CONNECT_REFUSED, "gwx", "role", FORBIDDEN)
                                .told(1, 503, body(1, "unavailable"))),
                row(
                        "method is unknown",
                        Cause.UNKNOWN_METHOD,
                        it -> reached(it).answered(1).told(1, 409, error("refused", "unknown_method"))),
                row(
                        "device is busy",
                        Cause.REFUSED,
                        it -> reached(it).answered(1).told(1, 503, error("refused", "busy"))),
                row(
                        "method failed",
                        Cause.DEVICE_ERROR,
                        it -> reached(it).answered(1).told(1, 502, error("device_error", "stuck"))),
                row("gateway is full", Cause.THROTTLED, it -> it.handedOver(1).told(1, 429, body(1, "throttled"))),
                row(
                        "request is too large",
                        Cause.TOO_LARGE,
                        it -> it.handedOver(1).told(1, 413, body(1, "too_large"))),
                row(
                        "request is no call",
                        Cause.INVALID_PARAMETERS,
                        it -> it.handedOver(1).told(1, 400, body(1, "invalid_parameters"))),
                row(
                        "function has a defect",
                        Cause.FUNCTION_FAILED,
                        it -> it.handedOver(1).told(1, 500, body(1, "internal_error"))),
                row(
                        "word of a later version",
                        Cause.UNKNOWN,
                        it -> it.handedOver(1).told(1, 299, body(1, "maybe"))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("rows")
    void cause_of_each_ending_is_named(String what, Cause cause, Consumer<HandMadeJournal> steps) {
        HandMadeJournal journal = new HandMadeJournal();
        steps.accept(journal);
        Story story = journal.stories().newestFirst().getFirst();

        Diagnosis diagnosis = Diagnoses.of(story, TargetState.UNKNOWN, Timeline.system());

        assertThat(diagnosis.cause()).as("%s: %s", what, diagnosis.sentence()).isEqualTo(cause);
        assertThat(diagnosis.sentence()).endsWith(".");
    }

    @Test
    void every_cause_has_a_row_here_or_needs_the_api() {
        Set<Cause> rows = rows().map(row -> (Cause) row.get()[1])
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Cause.class)));
        assertThat(EnumSet.complementOf(EnumSet.copyOf(rows)))
                .containsExactlyInAnyOrder(Cause.CALLER_FORBIDDEN, Cause.SIGNATURE);
    }

    @Test
    void refusals_of_the_api_name_policy_or_signature() {
        HandMadeJournal journal = new HandMadeJournal();
        journal.step(Step.REFUSED, CALLER, requestId(1), "AccessDeniedException: execute-api:Invoke on pump")
                .step(Step.REFUSED, null, requestId(2), "InvalidSignatureException");

        List<Cause> causes =
                Arrays.asList(cause(journal, requestId(1), Duration.ZERO), cause(journal, requestId(2), Duration.ZERO));

        assertThat(causes).containsExactly(Cause.CALLER_FORBIDDEN, Cause.SIGNATURE);
    }

    @Test
    void function_that_gave_no_answer_is_told_with_its_reason() {
        HandMadeJournal journal = new HandMadeJournal();
        journal.handedOver(1)
                .step(Step.FUNCTION_FAILED, null, requestId(1), "it took 30 s")
                .step(Step.TOLD, null, requestId(1), 504);

        Story story = Objects.requireNonNull(journal.stories().find(requestId(1)));
        Diagnosis diagnosis = Diagnoses.of(story, TargetState.UNKNOWN, Timeline.system());
        assertThat(diagnosis.cause()).isEqualTo(Cause.FUNCTION_FAILED);
        assertThat(diagnosis.sentence()).contains("it took 30 s");
    }

    @Test
    void call_without_an_end_for_a_minute_is_not_running() {
        HandMadeJournal journal = new HandMadeJournal();
        journal.handedOver(1);

        assertThat(cause(journal, requestId(1), Duration.ofSeconds(50))).isEqualTo(Cause.RUNNING);
        assertThat(cause(journal, requestId(1), Duration.ofSeconds(70))).isEqualTo(Cause.UNKNOWN);
    }

    @Test
    @SuppressWarnings("NullAway") // It does not see the annotation of a nested type in a class file.
    void name_that_is_almost_right_is_offered() {
        HandMadeJournal journal = new HandMadeJournal();
        journal.handedOver(1)
                .asked(1)
                .step(Step.UNMATCHED, null, requestTopic(1))
                .timedOut(1);

        Diagnosis diagnosis =
                Diagnoses.of(journal.story(1), new TargetState(null, List.of(), false, "pumpe"), Timeline.system());

        assertThat(diagnosis.advice()).contains("Did you mean pumpe?");
        assertThat(TargetState.similarTo("pmup", List.of("valve", "pump"))).isEqualTo("pump");
        assertThat(TargetState.similarTo("pump", List.of("pump", "door"))).isNull();
    }

    @Test
    void refusal_code_of_the_broker_is_told() {
        HandMadeJournal journal = new HandMadeJournal();
        journal.connected()
                .handedOver(1)
                .step(Step.PUBLISHED, GATEWAY, requestTopic(1), NOT_AUTHORIZED)
                .timedOut(1);

        Diagnosis diagnosis = Diagnoses.of(journal.story(1), TargetState.UNKNOWN, Timeline.system());
        assertThat(diagnosis.cause()).isEqualTo(Cause.UNAVAILABLE);
        assertThat(diagnosis.sentence()).contains("0x87");
    }

    private static Cause cause(HandMadeJournal journal, String name, Duration later) {
        Story story = Objects.requireNonNull(journal.stories().find(name));
        Timeline now = Timeline.system();
        return Diagnoses.of(
                        story, TargetState.UNKNOWN, new Timeline(now.at().plus(later), now.nanos() + later.toNanos()))
                .cause();
    }
}
