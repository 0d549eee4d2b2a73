package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.http.operation.StrictJson;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.job.JobConfigs.PresignedUrl;
import dev.roundtrip.local.iot.job.JobConfigs.Retry;
import dev.roundtrip.local.iot.job.JobConfigs.RetryCriterion;
import dev.roundtrip.local.iot.job.JobConfigs.Timeout;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What CreateJob and UpdateJob are given. Source of the bounds: service model {@code iot-2015-05-28}. */
final class JobInput {
    static final int MAX_TARGETS = 100;
    private static final int MAX_TARGET = 2048;
    private static final int MAX_MINUTES = 10_080;
    private static final int MAX_RETRY_CRITERIA = 2;
    private static final int MIN_URL_SECONDS = 60;
    private static final int MAX_URL_SECONDS = 3600;
    private static final Set<String> RETRYABLE = Set.of("FAILED", "TIMED_OUT", "ALL");

    private JobInput() {}

    /** Refuses members that ask for what is not there.
     *
     * @param names of members
     */
    static void refuseUnserved(ObjectNode json, String... names) throws Refusal {
        for (String name : names) {
            if (!isAbsent(json.path(name))) {
                throw Refusal.invalid("the local cloud does not serve " + name + " of jobs");
            }
        }
    }

    /** The tags of a new resource, whose sender may tag it.
     *
     * <p>Source: AWS IoT developer guide, "Authorize tagging of IoT resources".
     *
     * @param resource the end of its ARN
     */
    static Map<String, String> tags(OperationRequest request, String resource) throws Refusal {
        Map<String, String> tags = Tags.read(request.json().path("tags"));
        if (!tags.isEmpty()) {
            request.demand(new Permission("iot:TagResource", resource));
        }
        return tags;
    }

    /** The targets, each once. */
    static List<String> targets(ObjectNode json) throws Refusal {
        Set<String> targets = new LinkedHashSet<>();
        for (JsonNode target : json.path("targets")) {
            if (!target.isTextual() || target.textValue().length() > MAX_TARGET) {
                throw Refusal.invalid("targets must be ARNs of things and thing groups");
            }
            targets.add(target.textValue());
        }
        if (targets.isEmpty() || targets.size() > MAX_TARGETS) {
            throw Refusal.invalid("targets must have 1 to " + MAX_TARGETS + " ARNs");
        }
        return List.copyOf(targets);
    }

    /** The document, a JSON object as it was sent. */
    static String document(ObjectNode json) throws Refusal {
        if (!isAbsent(json.path("documentSource"))) {
            if (!isAbsent(json.path("document"))) {
                throw Refusal.invalid("document and documentSource do not go together");
            }
            throw Refusal.invalid("the local cloud has no Amazon S3 to read documentSource from; give the document");
        }
        JsonNode document = json.path("document");
        if (!document.isTextual()) {
            throw Refusal.invalid("document or documentSource must be given");
        }
        if (StrictJson.object(document.textValue()).isEmpty()) {
            throw Refusal.invalid("document must be a JSON object");
        }
        return document.textValue();
    }

    /** The document of a request, or where it has none, that of what it is based on.
     *
     * @param member of the request that names the basis
     */
    static String document(ObjectNode json, String basis, String member) throws Refusal {
        if (isAbsent(json.path("document")) && isAbsent(json.path("documentSource"))) {
            return basis;
        }
        if (!OpenFacts.DOCUMENT_BESIDE_A_BASIS) {
            throw Refusal.invalid("document and documentSource do not go with " + member);
        }
        return document(json);
    }

    /** The configurations of a request; those that it does not name stay. */
    static JobConfigs configs(ObjectNode json, JobConfigs before) throws Refusal {
        JobConfigs configs = new JobConfigs(
                isAbsent(json.path("timeoutConfig")) ? before.timeoutConfig() : timeout(json.path("timeoutConfig")),
                isAbsent(json.path("jobExecutionsRetryConfig"))
                        ? before.jobExecutionsRetryConfig()
                        : retry(json.path("jobExecutionsRetryConfig")),
                isAbsent(json.path("jobExecutionsRolloutConfig"))
                        ? before.jobExecutionsRolloutConfig()
                        : RolloutInput.rollout(json.path("jobExecutionsRolloutConfig")),
                isAbsent(json.path("abortConfig"))
                        ? before.abortConfig()
                        : RolloutInput.abort(json.path("abortConfig")),
                isAbsent(json.path("schedulingConfig"))
                        ? before.schedulingConfig()
                        : ScheduleInput.schedule(json.path("schedulingConfig")),
                isAbsent(json.path("presignedUrlConfig"))
                        ? before.presignedUrlConfig()
                        : presignedUrl(json.path("presignedUrlConfig")));
        Retry retry = configs.jobExecutionsRetryConfig();
        if (retry != null
                && configs.timeoutConfig() == null
                && retry.criteriaList().stream()
                        .anyMatch(criterion -> criterion.failureType().equals("TIMED_OUT"))) {
            throw Refusal.invalid("jobExecutionsRetryConfig for TIMED_OUT needs timeoutConfig");
        }
        return configs;
    }

    private static @Nullable Timeout timeout(JsonNode given) throws Refusal {
        JsonNode minutes = given.path("inProgressTimeoutInMinutes");
        return isAbsent(minutes)
                ? null
                : new Timeout((int) number(minutes, "inProgressTimeoutInMinutes", 1, MAX_MINUTES));
    }

    private static Retry retry(JsonNode given) throws Refusal {
        List<RetryCriterion> criteria = new ArrayList<>();
        Set<String> types = new LinkedHashSet<>();
        for (JsonNode criterion : list(given, "criteriaList")) {
            String type = criterion.path("failureType").asText();
            if (!RETRYABLE.contains(type) || !types.add(type)) {
                throw Refusal.invalid("failureType must be one of FAILED, TIMED_OUT, ALL, and given once");
            }
            criteria.add(new RetryCriterion(type, (int)
                    number(criterion.path("numberOfRetries"), "numberOfRetries", 0, JobCourse.MAX_RETRIES)));
        }
        if (criteria.isEmpty() || criteria.size() > MAX_RETRY_CRITERIA) {
            throw Refusal.invalid("criteriaList must have 1 or 2 criteria");
        }
        return new Retry(criteria);
    }

    private static PresignedUrl presignedUrl(JsonNode given) throws Refusal {
        JsonNode role = given.path("roleArn");
        JsonNode seconds = given.path("expiresInSec");
        if (!isAbsent(role) && !role.isTextual()) {
            throw Refusal.invalid("roleArn must be a string");
        }
        return new PresignedUrl(
                role.isTextual() ? role.textValue() : null,
                isAbsent(seconds) ? null : number(seconds, "expiresInSec", MIN_URL_SECONDS, MAX_URL_SECONDS));
    }

    static long number(JsonNode number, String name, long min, long max) throws Refusal {
        if (!number.isIntegralNumber()
                || !number.canConvertToLong()
                || number.longValue() < min
                || number.longValue() > max) {
            throw Refusal.invalid(name + " must be a whole number from " + min + " to " + max);
        }
        return number.longValue();
    }

    /** A list, empty when it is absent. */
    static JsonNode list(JsonNode given, String name) throws Refusal {
        JsonNode list = given.path(name);
        if (!list.isArray() && !isAbsent(list)) {
            throw Refusal.invalid(name + " must be a list");
        }
        return list;
    }

    static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    /** A text, empty when it is absent. */
    static String text(ObjectNode json, String name) {
        return json.path(name).isTextual() ? json.path(name).textValue() : "";
    }
}
