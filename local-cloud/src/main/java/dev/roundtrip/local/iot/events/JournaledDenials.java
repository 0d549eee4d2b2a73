package dev.roundtrip.local.iot.events;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.Denial;
import dev.roundtrip.local.http.RefusedRequests.DenialListener;
import dev.roundtrip.local.http.operation.QueryValues;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.journal.Step;
import org.jspecify.annotations.Nullable;

/** Records each message that policies do not let into the broker over the data plane. Thread-safe; never blocks. */
public record JournaledDenials(Recorder journal) implements DenialListener {
    private static final String TOPIC = "topic/";

    @Override
    public void denied(SignedRequest request, Denial denial, @Nullable String caller, int status) {
        String topic = topic(request, denial);
        if (topic != null) {
            journal.record(new Entry(Step.PUBLISH_REFUSED, caller, topic)
                    .detail(denial.statement())
                    .code(status));
        }
    }

    /** The topic of the message; null when the request has none. */
    private static @Nullable String topic(SignedRequest request, Denial denial) {
        return switch (denial.action()) {
            case "iot:SendDirectMessage" -> parameter(request);
            case "iot:Publish", "iot:RetainPublish" ->
                denial.resource().startsWith(TOPIC) ? denial.resource().substring(TOPIC.length()) : null;
            default -> null;
        };
    }

    private static @Nullable String parameter(SignedRequest request) {
        try {
            return new QueryValues(request.query()).text("topic");
        } catch (Refusal malformed) {
            return null;
        }
    }
}
