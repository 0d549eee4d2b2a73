package dev.roundtrip.benchmarks.hot;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.MalformedPolicyException;
import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.policy.PolicyType;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A device's policy decides about one answer. */
@State(Scope.Benchmark)
public class PolicyBenchmark {
    private static final String DEVICE = """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Action": "iot:Connect",
               "Resource": "arn:aws:iot:*:123456789012:client/${iot:Connection.Thing.ThingName}"},
              {"Effect": "Allow", "Action": "iot:Subscribe",
               "Resource": "arn:aws:iot:*:123456789012:topicfilter/${iot:Connection.Thing.ThingName}/*"},
              {"Effect": "Allow", "Action": "iot:Receive",
               "Resource": "arn:aws:iot:*:123456789012:topic/${iot:Connection.Thing.ThingName}/*"},
              {"Effect": "Allow", "Action": "iot:Publish",
               "Resource": "arn:aws:iot:*:123456789012:topic/gateway/*/${iot:Connection.Thing.ThingName}/*/ack"}
            ]}""";
    private static final String ANSWER =
            "arn:aws:iot:eu-central-1:123456789012:topic/gateway/559aff25-3892-40ed-a6b1-680312a74339/pump-1/start/ack";

    private BoundPolicies policies = BoundPolicies.of(List.of(), PolicyContext.empty());

    /** Binds the policy, as a connection does once. */
    @Setup(Level.Trial)
    public void bind() throws MalformedPolicyException {
        policies = BoundPolicies.of(
                List.of(Policy.parse(PolicyType.IOT, DEVICE)),
                PolicyContext.empty().with("iot:Connection.Thing.ThingName", "pump-1"));
    }

    /** Allowed, by the last of four statements. */
    @Benchmark
    public boolean evaluatePolicy() {
        if (!policies.allows("iot:Publish", ANSWER)) {
            throw new IllegalStateException("measures a denial");
        }
        return true;
    }
}
