package dev.roundtrip.local.lambda;

import dev.roundtrip.local.journal.Recorder;
import java.util.Map;
import java.util.function.Consumer;

/** How a function is run.
 *
 * @param function what is run
 * @param variables the function's own environment variables, with its credentials; they win over those that AWS Lambda
 *     sets
 * @param scale how much of it
 * @param log takes what the processes print, one JSON object a line; called by many threads
 * @param journal takes what becomes of calls and environments
 */
public record RuntimeSettings(
        FunctionPackage function, Map<String, String> variables, Scale scale, Consumer<String> log, Recorder journal) {

    /** One that records nothing. */
    public RuntimeSettings(FunctionPackage function, Map<String, String> variables, Scale scale, Consumer<String> log) {
        this(function, variables, scale, log, Recorder.NONE);
    }

    public RuntimeSettings {
        variables = Map.copyOf(variables);
    }

    /** How many processes there are, and how they live.
     *
     * @param environments how many execution environments there may be at once; what exceeds them is throttled
     * @param concurrency how many calls one environment takes at a time; more than one as on AWS Lambda Managed
     *     Instances
     * @param idleness what an environment does between calls
     * @param initialization how an environment comes to be ready
     */
    public record Scale(int environments, int concurrency, Idleness idleness, Initialization initialization) {
        /** The most environments that one machine is asked to carry. */
        public static final int MAX_ENVIRONMENTS = 100;

        /** The largest {@code PerExecutionEnvironmentMaxConcurrency} of AWS Lambda Managed Instances. */
        public static final int MAX_CONCURRENCY = 1600;

        /** @throws IllegalArgumentException when a number is out of range, or a managed instance were frozen or
         * restored
         */
        public Scale {
            requireInRange("environments", environments, MAX_ENVIRONMENTS);
            requireInRange("concurrency", concurrency, MAX_CONCURRENCY);
            if (concurrency > 1 && (idleness == Idleness.FROZEN || initialization == Initialization.SNAP_START)) {
                throw new IllegalArgumentException(
                        "an environment that takes many calls at once is neither frozen nor restored from a snapshot");
            }
        }

        private static void requireInRange(String name, int value, int max) {
            if (value < 1 || value > max) {
                throw new IllegalArgumentException(name + " must be from 1 to " + max + ", but is " + value);
            }
        }

        /** As many environments as are needed up to this number, one call at a time, awake. */
        public static Scale upTo(int environments) {
            return new Scale(environments, 1, Idleness.AWAKE, Initialization.ON_DEMAND);
        }

        /** {@code AWS_LAMBDA_INITIALIZATION_TYPE}. */
        String initializationType() {
            return switch (initialization) {
                case SNAP_START -> "snap-start";
                case ON_DEMAND -> concurrency > 1 ? "lambda-managed-instances" : "on-demand";
            };
        }
    }
}
