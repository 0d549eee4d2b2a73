package dev.roundtrip.local.story;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.protocol.ClientPrefix;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A journal whose steps a test writes, about calls of the device {@code pump}. */
final class HandMadeJournal {
    static final ClientPrefix PREFIX = new ClientPrefix("gw");
    static final String GATEWAY = "gw.7d0f";
    static final String CALLER = "arn:aws:iam::000000000000:user/local";

    private final Journal journal;

    HandMadeJournal() {
        this(Journal.Bounds.DEFAULT);
    }

    HandMadeJournal(Journal.Bounds bounds) {
        journal = new Journal(bounds);
    }

    /** The id of a call, by a number below 10. */
    static String id(int call) {
        return "0000000" + call + "-0000-4000-8000-000000000000";
    }

    static String requestId(int call) {
        return "request-" + call;
    }

    static String requestTopic(int call) {
        return "pump/start/gw/" + id(call);
    }

    static String answerTopic(int call) {
        return "gw/" + id(call) + "/pump/start/ack";
    }

    /** What is told of a result. */
    static String body(int call, String result) {
        return "{\"result\":\"" + result + "\",\"id\":\"" + id(call) + "\"}";
    }

    HandMadeJournal step(Step step, @Nullable String client, @Nullable String subject) {
        journal.record(new Entry(step, client, subject));
        return this;
    }

    HandMadeJournal step(Step step, @Nullable String client, @Nullable String subject, String detail) {
        journal.record(new Entry(step, client, subject).detail(detail));
        return this;
    }

    HandMadeJournal step(Step step, @Nullable String client, @Nullable String subject, int code) {
        journal.record(new Entry(step, client, subject).code(code));
        return this;
    }

    /** A client published a text. */
    HandMadeJournal published(String client, String topic, String payload) {
        journal.record(new Entry(Step.PUBLISHED, client, topic).payload(payload.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    /** The device is there. */
    HandMadeJournal connected() {
        return step(Step.CONNECTED, "pump", "certificate", "5");
    }

    /** A request comes in, is allowed, and goes to the function. */
    HandMadeJournal handedOver(int call) {
        return step(Step.RECEIVED, null, requestId(call), "GET /Prod/invoke")
                .step(Step.AUTHORIZED, CALLER, requestId(call))
                .step(Step.HANDED_OVER, null, requestId(call));
    }

    /** The function publishes the request. */
    HandMadeJournal asked(int call) {
        return published(GATEWAY, requestTopic(call), "{}");
    }

    /** The device gets it. */
    HandMadeJournal delivered(int call) {
        return step(Step.MATCHED, "pump", requestTopic(call), "pump/#").step(Step.SENT, "pump", requestTopic(call), 1);
    }

    /** The device answers, as it should or otherwise. */
    HandMadeJournal answered(int call, String payload) {
        return published("pump", answerTopic(call), payload);
    }

    HandMadeJournal answered(int call) {
        return answered(call, "{\"id\":\"" + id(call) + "\",\"response\":1}")
                .step(Step.MATCHED, GATEWAY, answerTopic(call), "gw/+/+/+/ack")
                .step(Step.SENT, GATEWAY, answerTopic(call), 1);
    }

    /** The function's answer goes to the caller. */
    HandMadeJournal told(int call, int status, String body) {
        journal.record(new Entry(Step.TOLD, null, requestId(call))
                .detail(id(call))
                .code(status)
                .payload(body.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    HandMadeJournal timedOut(int call) {
        return told(call, 504, body(call, "timeout"));
    }

    Journal journal() {
        return journal;
    }

    Stories stories() {
        return Stories.of(journal, PREFIX);
    }

    /** The call of that number. */
    Story story(int call) {
        return Objects.requireNonNull(stories().find(id(call)), "no such call");
    }
}
