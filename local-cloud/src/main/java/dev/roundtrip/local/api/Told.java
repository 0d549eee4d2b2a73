package dev.roundtrip.local.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Masks;
import dev.roundtrip.local.story.Diagnoses;
import dev.roundtrip.local.story.Diagnosis;
import dev.roundtrip.local.story.Outcome;
import dev.roundtrip.local.story.Story;
import dev.roundtrip.local.story.TargetState;
import dev.roundtrip.local.story.Timeline;
import dev.roundtrip.protocol.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells calls and steps as JSON. Thread-safe.
 *
 * @param cloud knows the targets
 * @param masks what is not told
 */
record Told(ObservedCloud cloud, Masks masks) {

    /** A call without its steps. */
    ObjectNode summary(Story story) {
        Timeline time = Timeline.system();
        ObjectNode call = Json.object()
                .put("id", story.id() == null ? null : story.id().toString())
                .put("requestId", story.requestId())
                .put("sequence", story.first().sequence())
                .put("started", time.instant(story.first().nanos()).toString());
        Entry end = story.end();
        Outcome outcome = story.outcome();
        if (end == null || outcome == null) {
            call.putNull("elapsedMillis");
        } else {
            call.put("elapsedMillis", Timeline.millis(story.first().nanos(), end.nanos()));
        }
        call.put("caller", story.caller())
                .put("target", story.target())
                .put("method", story.method())
                .put("status", outcome == null ? null : Integer.valueOf(outcome.status()))
                .put("result", outcome == null ? null : outcome.result())
                .put("complete", story.isComplete())
                .put("mayLack", story.mayLack());
        Diagnosis diagnosis = Diagnoses.of(story, target(story), time);
        call.putObject("diagnosis")
                .put("cause", diagnosis.cause().word())
                .put("sentence", diagnosis.sentence())
                .put("advice", diagnosis.advice());
        return call;
    }

    private TargetState target(Story story) {
        String name = story.target();
        return name == null || !needsTarget(story) ? TargetState.UNKNOWN : cloud.target(name);
    }

    /** Whether the diagnosis may depend on the target: most calls succeed, and need no look at the registry. */
    private static boolean needsTarget(Story story) {
        return story.isFailure() || !story.isComplete();
    }

    /** A call with its steps. */
    ObjectNode whole(Story story) {
        ObjectNode call = summary(story);
        var steps = call.putArray("steps");
        long start = story.first().nanos();
        for (Entry entry : story.steps()) {
            ObjectNode step = Json.object()
                    .put("sequence", entry.sequence())
                    .put("atMillis", Timeline.millis(start, entry.nanos()));
            describe(entry, step);
            steps.add(step);
        }
        // The diagnosis is what a person reads last.
        call.set("diagnosis", call.remove("diagnosis"));
        return call;
    }

    /** A step by itself. */
    ObjectNode step(Entry entry) {
        ObjectNode step = Json.object()
                .put("sequence", entry.sequence())
                .put("time", Timeline.system().instant(entry.nanos()).toString());
        describe(entry, step);
        return step;
    }

    private void describe(Entry entry, ObjectNode step) {
        step.put("step", entry.step().name().toLowerCase(Locale.ROOT))
                .put("client", entry.client())
                .put("subject", entry.subject())
                .put("detail", entry.detail())
                .put("code", entry.code());
        if (entry.payloadLength() > 0) {
            payload(entry, step);
        }
    }

    private void payload(Entry entry, ObjectNode step) {
        byte[] payload = entry.payload();
        step.put("payloadLength", entry.payloadLength());
        if (payload == null) {
            return;
        }
        boolean cut = payload.length < entry.payloadLength();
        step.put("payloadCut", cut);
        if (masks.isEmpty()) {
            String text = text(payload, cut);
            if (text == null) {
                step.put("payloadBase64", Base64.getEncoder().encodeToString(payload));
            } else {
                step.put("payload", text);
            }
            return;
        }
        Masks.Masked masked = masks.mask(payload, entry.payloadLength());
        if (masked.text() != null) {
            step.put("payload", masked.text());
        }
        masked.masked().forEach(step.withArray("masked")::add);
    }

    /** The payload as text; null when it is no UTF-8. One that is cut may end within a character. */
    private static @Nullable String text(byte[] payload, boolean cut) {
        int length = cut ? wholeCharacters(payload) : payload.length;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(payload, 0, length))
                    .toString();
        } catch (CharacterCodingException noText) {
            return null;
        }
    }

    private static int wholeCharacters(byte[] payload) {
        int end = payload.length;
        while (end > 0 && payload.length - end < 3 && (payload[end - 1] & 0xC0) == 0x80) {
            end--;
        }
        return end > 0 && (payload[end - 1] & 0x80) != 0 ? end - 1 : payload.length;
    }
}
