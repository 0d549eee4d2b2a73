package dev.roundtrip.local.app;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.sigv4.Caller;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.local.http.UpgradeAuthentication;
import dev.roundtrip.local.iot.data.Callers;
import dev.roundtrip.local.iot.data.DataAction;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Attachment;
import dev.roundtrip.local.iot.registry.GatewayRole;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.mqtt.Action;
import dev.roundtrip.mqtt.Authentication;
import dev.roundtrip.mqtt.Permissions;
import dev.roundtrip.mqtt.Principal;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lets in the things of a state directory by certificate, and its gateway by signature; each with its policies. Thread-safe. */
final class IotAuthentication implements Authentication, UpgradeAuthentication, Callers {
    private static final Pattern WILDCARDS = Pattern.compile("[+#/]");

    private final StateDirectory state;
    private final GatewayRole role;
    private final SigV4Verifier upgrades;
    private final SigV4Verifier requests;
    private final Consumer<String> complaints;

    /** What verifies signatures.
     *
     * @param upgrades of upgrades to MQTT
     * @param requests of the HTTP data plane
     */
    record Verifiers(SigV4Verifier upgrades, SigV4Verifier requests) {}

    /** @param complaints told, in one line, of files that are damaged: whoever they concern is refused */
    IotAuthentication(StateDirectory state, GatewayRole role, Verifiers verifiers, Consumer<String> complaints) {
        this.state = state;
        this.role = role;
        this.upgrades = verifiers.upgrades();
        this.requests = verifiers.requests();
        this.complaints = complaints;
    }

    @Override
    public Optional<Principal> byCertificate(X509Certificate leaf) {
        try {
            return state.findByCertificate(leaf).map(thing -> new ThingPrincipal(thing, leaf, state.account()));
        } catch (StateException damaged) {
            complaints.accept(String.valueOf(damaged.getMessage()));
            return Optional.empty();
        }
    }

    @Override
    public Optional<Principal> byUpgrade(SignedRequest upgrade) {
        return switch (upgrades.verify(upgrade)) {
            case Verdict.Refused refused -> Optional.empty();
            case Verdict.Accepted accepted -> gateway(accepted.caller()).map(gateway -> gateway);
        };
    }

    @Override
    public Optional<Callers.Sender> authenticate(SignedRequest request, InetAddress source) {
        return switch (requests.verify(request)) {
            case Verdict.Refused refused -> Optional.empty();
            case Verdict.Accepted accepted ->
                gateway(accepted.caller()).map(gateway -> new DataSender(gateway.policies(), source, state.account()));
        };
    }

    private Optional<GatewayPrincipal> gateway(Caller caller) {
        try {
            return Optional.of(new GatewayPrincipal(caller, state.gatewayPolicies(role), state.account()));
        } catch (StateException damaged) {
            complaints.accept(String.valueOf(damaged.getMessage()));
            return Optional.empty();
        }
    }

    private record ThingPrincipal(Thing thing, X509Certificate certificate, Account account) implements Principal {
        @Override
        public String id() {
            return thing.certificateId().toString();
        }

        @Override
        public @Nullable String thingName() {
            return thing.attachment() == Attachment.EXCLUSIVE_THING
                    ? thing.name().value()
                    : null;
        }

        @Override
        public Permissions permissions(String clientId, InetAddress source) {
            if (WILDCARDS.matcher(clientId).find()
                    && thing.policies().stream().anyMatch(policy -> policy.usesVariable("iot:ClientId"))) {
                // It would turn a topic into a filter, or add levels to it. To pass over the statement would pass over
                // a denial.
                return new NothingAllowed(
                        "the client id has +, # or /, and a policy uses it in a topic: ${iot:ClientId}");
            }
            PolicyContext context = thing.context(clientId, source.getHostAddress(), certificate);
            return new PolicyPermissions(BoundPolicies.of(thing.policies(), context), account);
        }
    }

    private record GatewayPrincipal(Caller caller, List<Policy> policies, Account account) implements Principal {
        @Override
        public String id() {
            return caller.userId();
        }

        @Override
        public @Nullable String thingName() {
            return null;
        }

        @Override
        public Permissions permissions(String clientId, InetAddress source) {
            PolicyContext context = PolicyContext.empty().with("aws:SourceIp", source.getHostAddress());
            return new PolicyPermissions(BoundPolicies.of(policies, context), account);
        }
    }

    private record DataSender(List<Policy> policies, InetAddress source, Account account) implements Callers.Sender {
        @Override
        public boolean may(DataAction action, String clientId, @Nullable String topic) {
            PolicyContext context = PolicyContext.empty().with("aws:SourceIp", source.getHostAddress());
            return BoundPolicies.of(policies, topic == null ? context : context.with("iot:Topic", topic))
                    .allows(action.iamName(), account.iotArn("client/") + clientId);
        }
    }

    /** Allows nothing, for one reason. */
    private record NothingAllowed(String reason) implements Permissions {
        @Override
        public boolean allows(Action action, String resource) {
            return false;
        }

        @Override
        public String refusal(Action action, String resource) {
            return reason;
        }
    }

    /** Policies that were bound once, asked for each message. */
    private static final class PolicyPermissions implements Permissions {
        private final BoundPolicies policies;
        private final String client;
        private final String topic;
        private final String filter;

        PolicyPermissions(BoundPolicies policies, Account account) {
            this.policies = policies;
            this.client = account.iotArn("client/");
            this.topic = account.iotArn("topic/");
            this.filter = account.iotArn("topicfilter/");
        }

        @Override
        public boolean allows(Action action, String resource) {
            return policies.allows(iamName(action), arn(action, resource));
        }

        @Override
        public String refusal(Action action, String resource) {
            return policies.refusal(iamName(action), arn(action, resource));
        }

        private static String iamName(Action action) {
            return switch (action) {
                case CONNECT -> "iot:Connect";
                case PUBLISH -> "iot:Publish";
                case RETAIN_PUBLISH -> "iot:RetainPublish";
                case SUBSCRIBE -> "iot:Subscribe";
                case RECEIVE -> "iot:Receive";
            };
        }

        private String arn(Action action, String resource) {
            return switch (action) {
                case CONNECT -> client + resource;
                case PUBLISH, RETAIN_PUBLISH, RECEIVE -> topic + resource;
                case SUBSCRIBE -> filter + resource;
            };
        }
    }
}
