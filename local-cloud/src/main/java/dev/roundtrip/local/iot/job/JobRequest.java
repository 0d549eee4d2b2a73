package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.operation.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a thing asks of its executions, over MQTT and HTTP. Members that nobody asks for are passed over: AWS's clients
 * add some. Immutable.
 *
 * <p>Source of the bounds: service model {@code iot-jobs-data-2017-09-29}.
 */
final class JobRequest {
    /** An update leaves the step timer as it is. */
    static final long UNCHANGED = 0;

    /** An update stops the step timer. */
    static final long STOPPED = -1;

    private static final int MAX_TOKEN_BYTES = 64;
    private static final int MAX_STEP_MINUTES = 10_080;
    private static final int MAX_DETAILS = 10;
    private static final Pattern DETAIL_KEY = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
    private static final Pattern DETAIL_VALUE = Pattern.compile("[^\\p{C}]{1,1024}");
    private static final Pattern THING = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
    private static final Pattern JOB = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private final ObjectNode root;
    private final @Nullable String clientToken;

    private JobRequest(ObjectNode root) throws JobRefusal {
        this.root = root;
        this.clientToken = token(root);
    }

    /** @throws JobRefusal when the payload is neither empty nor a JSON object with a valid token */
    static JobRequest read(byte[] payload) throws JobRefusal {
        if (payload.length == 0) {
            return new JobRequest(JsonNodeFactory.instance.objectNode());
        }
        return new JobRequest(StrictJson.object(payload)
                .orElseThrow(() -> new JobRefusal(Rejection.INVALID_JSON, "The payload must be a JSON object")));
    }

    /** A request that was read already. */
    static JobRequest of(ObjectNode root) throws JobRefusal {
        return new JobRequest(root);
    }

    private static @Nullable String token(ObjectNode root) throws JobRefusal {
        JsonNode token = root.path("clientToken");
        if (token.isMissingNode() || token.isNull()) {
            return null;
        }
        if (!token.isTextual() || token.textValue().getBytes(StandardCharsets.UTF_8).length > MAX_TOKEN_BYTES) {
            throw JobRefusal.invalid("clientToken must be a string of at most " + MAX_TOKEN_BYTES + " bytes");
        }
        return token.textValue();
    }

    /** The same answer with the token of the request, if it has one. */
    ObjectNode answer(ObjectNode answer) {
        return clientToken == null ? answer : answer.put("clientToken", clientToken);
    }

    /** @throws JobRefusal when no thing may have this name */
    static void checkThing(String name) throws JobRefusal {
        if (!THING.matcher(name).matches()) {
            throw JobRefusal.invalid("thingName must match " + THING);
        }
    }

    /** @throws JobRefusal when no job may have this id */
    static void checkJob(String id) throws JobRefusal {
        if (!JOB.matcher(id).matches()) {
            throw JobRefusal.invalid("jobId must match " + JOB);
        }
    }

    /** The status that an update asks for. */
    ExecutionStatus status() throws JobRefusal {
        return switch (root.path("status").asText()) {
            case "IN_PROGRESS" -> ExecutionStatus.IN_PROGRESS;
            case "SUCCEEDED" -> ExecutionStatus.SUCCEEDED;
            case "FAILED" -> ExecutionStatus.FAILED;
            case "REJECTED" -> ExecutionStatus.REJECTED;
            default -> throw JobRefusal.invalid("status must be one of IN_PROGRESS, SUCCEEDED, FAILED, REJECTED");
        };
    }

    /** The details; null when there are none. */
    @Nullable Map<String, String> statusDetails() throws JobRefusal {
        return statusDetails(root.path("statusDetails"));
    }

    static @Nullable Map<String, String> statusDetails(JsonNode given) throws JobRefusal {
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        if (!given.isObject() || given.size() > MAX_DETAILS) {
            throw JobRefusal.invalid("statusDetails must be an object with at most " + MAX_DETAILS + " members");
        }
        Map<String, String> details = new TreeMap<>();
        for (Map.Entry<String, JsonNode> detail : given.properties()) {
            JsonNode value = detail.getValue();
            if (!DETAIL_KEY.matcher(detail.getKey()).matches()
                    || !value.isTextual()
                    || !DETAIL_VALUE.matcher(value.textValue()).matches()) {
                throw JobRefusal.invalid("a name in statusDetails must match " + DETAIL_KEY
                        + ", and its value must be a string that matches " + DETAIL_VALUE);
            }
            details.put(detail.getKey(), value.textValue());
        }
        return details;
    }

    /** Minutes of the step timer, {@link #UNCHANGED} or {@link #STOPPED}. */
    long stepTimeout() throws JobRefusal {
        OptionalLong minutes = number("stepTimeoutInMinutes", STOPPED, MAX_STEP_MINUTES);
        if (minutes.isPresent() && minutes.getAsLong() == 0) {
            throw JobRefusal.invalid("stepTimeoutInMinutes must be -1, or from 1 to " + MAX_STEP_MINUTES);
        }
        return minutes.orElse(UNCHANGED);
    }

    /** The version that the execution must have; empty for any. */
    OptionalLong expectedVersion() throws JobRefusal {
        return number("expectedVersion", Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Which execution; empty for the latest one. */
    OptionalLong executionNumber() throws JobRefusal {
        return number("executionNumber", Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private OptionalLong number(String name, long min, long max) throws JobRefusal {
        JsonNode number = root.path(name);
        if (number.isMissingNode() || number.isNull()) {
            return OptionalLong.empty();
        }
        if (!number.isIntegralNumber()
                || !number.canConvertToLong()
                || number.longValue() < min
                || number.longValue() > max) {
            throw JobRefusal.invalid(name + " must be a whole number from " + min + " to " + max);
        }
        return OptionalLong.of(number.longValue());
    }

    /** A member that is true or false.
     *
     * @param otherwise where it is absent
     */
    boolean flag(String name, boolean otherwise) throws JobRefusal {
        JsonNode flag = root.path(name);
        if (flag.isMissingNode() || flag.isNull()) {
            return otherwise;
        }
        if (!flag.isBoolean()) {
            throw JobRefusal.invalid(name + " must be true or false");
        }
        return flag.booleanValue();
    }
}
