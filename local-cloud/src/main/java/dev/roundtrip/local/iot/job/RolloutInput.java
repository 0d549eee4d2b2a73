package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.job.JobConfigs.Abort;
import dev.roundtrip.local.iot.job.JobConfigs.AbortCriterion;
import dev.roundtrip.local.iot.job.JobConfigs.ExponentialRate;
import dev.roundtrip.local.iot.job.JobConfigs.RateIncrease;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The roll-out and the abort criteria that a request names. Source of the bounds: service model
 * {@code iot-2015-05-28}; AWS IoT developer guide, "Specify job configurations".
 */
final class RolloutInput {
    private static final double MIN_FACTOR = 1.1;
    private static final double MAX_FACTOR = 5;
    private static final double MAX_PERCENTAGE = 100;

    /** One for each failure type. */
    private static final Set<String> ABORTING = Set.of("FAILED", "REJECTED", "TIMED_OUT", "ALL");

    private RolloutInput() {}

    static JobConfigs.Rollout rollout(JsonNode given) throws Refusal {
        JsonNode exponential = given.path("exponentialRate");
        return new JobConfigs.Rollout(
                number(given, "maximumPerMinute", Rollout.MAX_PER_MINUTE),
                JobInput.isAbsent(exponential) ? null : exponential(exponential));
    }

    private static ExponentialRate exponential(JsonNode given) throws Refusal {
        Integer base = number(given, "baseRatePerMinute", Rollout.MAX_PER_MINUTE);
        if (base == null) {
            throw Refusal.invalid("baseRatePerMinute is missing");
        }
        JsonNode criteria = given.path("rateIncreaseCriteria");
        RateIncrease increase = new RateIncrease(
                number(criteria, "numberOfNotifiedThings", Integer.MAX_VALUE),
                number(criteria, "numberOfSucceededThings", Integer.MAX_VALUE));
        if (increase.numberOfNotifiedThings() == null && increase.numberOfSucceededThings() == null) {
            throw Refusal.invalid("rateIncreaseCriteria must have numberOfNotifiedThings or numberOfSucceededThings");
        }
        return new ExponentialRate(
                base, decimal(given.path("incrementFactor"), "incrementFactor", MIN_FACTOR, MAX_FACTOR, 1), increase);
    }

    static Abort abort(JsonNode given) throws Refusal {
        List<AbortCriterion> criteria = new ArrayList<>();
        for (JsonNode criterion : JobInput.list(given, "criteriaList")) {
            criteria.add(criterion(criterion));
        }
        if (criteria.isEmpty() || criteria.size() > ABORTING.size()) {
            throw Refusal.invalid("criteriaList of abortConfig must have 1 to " + ABORTING.size() + " criteria");
        }
        return new Abort(criteria);
    }

    private static AbortCriterion criterion(JsonNode given) throws Refusal {
        String type = given.path("failureType").asText();
        if (!ABORTING.contains(type)) {
            throw Refusal.invalid("failureType must be one of FAILED, REJECTED, TIMED_OUT, ALL");
        }
        if (!given.path("action").asText().equals("CANCEL")) {
            throw Refusal.invalid("action must be CANCEL");
        }
        Integer least = number(given, "minNumberOfExecutedThings", Integer.MAX_VALUE);
        if (least == null) {
            throw Refusal.invalid("minNumberOfExecutedThings is missing");
        }
        double percentage =
                decimal(given.path("thresholdPercentage"), "thresholdPercentage", Double.MIN_VALUE, MAX_PERCENTAGE, 2);
        return new AbortCriterion(type, "CANCEL", percentage, least);
    }

    private static @Nullable Integer number(JsonNode given, String name, int greatest) throws Refusal {
        JsonNode number = given.path(name);
        return JobInput.isAbsent(number) ? null : Integer.valueOf((int) JobInput.number(number, name, 1, greatest));
    }

    private static double decimal(JsonNode given, String name, double least, double greatest, int digits)
            throws Refusal {
        if (!given.isNumber()
                || given.doubleValue() < least
                || given.doubleValue() > greatest
                || given.decimalValue().stripTrailingZeros().scale() > digits) {
            throw Refusal.invalid(name + " must be a number of at most " + greatest + " with at most " + digits
                    + " digits after the decimal point"
                    + (least < 1 ? ", and more than 0" : ", and at least " + least));
        }
        return given.doubleValue();
    }
}
