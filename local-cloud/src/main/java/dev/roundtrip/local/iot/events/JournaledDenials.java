package dev.roundtrip.local.iot.events;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.Denial;
import dev.roundtrip.local.http.RefusedRequests.DenialListener;
import dev.roundtrip.local.http.operation.QueryValues;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.journal.Step;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Records each message that policies do not let into the broker over the data plane, and each request to a shadow that
 * they do not allow there, under the topic of the same request over MQTT. Thread-safe; never blocks.
 */
public record JournaledDenials(Recorder journal) implements DenialListener {
    /** What stands before a resource's name in its ARN. */
    private static final Pattern ARN = Pattern.compile("^arn:(?:[^:]*:){4}");

    private static final String TOPIC = "topic/";
    private static final String THING = "thing/";

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
            case "iot:Publish", "iot:RetainPublish" -> behind(TOPIC, denial);
            case "iot:GetThingShadow" -> shadowTopic(denial, "get");
            case "iot:UpdateThingShadow" -> shadowTopic(denial, "update");
            case "iot:DeleteThingShadow" -> shadowTopic(denial, "delete");
            default -> null;
        };
    }

    private static @Nullable String behind(String part, Denial denial) {
        String resource = ARN.matcher(denial.resource()).replaceFirst("");
        return resource.startsWith(part) ? resource.substring(part.length()) : null;
    }

    private static @Nullable String shadowTopic(Denial denial, String verb) {
        String names = behind(THING, denial);
        if (names == null) {
            return null;
        }
        int slash = names.indexOf('/');
        String shadow = slash < 0 ? "" : "name/" + names.substring(slash + 1) + "/";
        return "$aws/things/" + (slash < 0 ? names : names.substring(0, slash)) + "/shadow/" + shadow + verb;
    }

    private static @Nullable String parameter(SignedRequest request) {
        try {
            return new QueryValues(request.query()).text("topic");
        } catch (Refusal malformed) {
            return null;
        }
    }
}
