package dev.roundtrip.local.app;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.principal.DeviceCertificate;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.Verdict;
import dev.roundtrip.local.http.UpgradeAuthentication;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.mqtt.Action;
import dev.roundtrip.mqtt.Authentication;
import dev.roundtrip.mqtt.Permissions;
import dev.roundtrip.mqtt.Principal;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Lets things in by certificate and users by signature; each with the policies that count at the moment. Thread-safe.
 */
final class IotAuthentication implements Authentication, UpgradeAuthentication {
    private final StatePrincipals principals;
    private final Account account;
    private final SigV4Verifier upgrades;

    /** @param upgrades verifies the signatures of upgrades to MQTT */
    IotAuthentication(StatePrincipals principals, Account account, SigV4Verifier upgrades) {
        this.principals = principals;
        this.account = account;
        this.upgrades = upgrades;
    }

    @Override
    public CompletionStage<Optional<Principal>> byCertificate(X509Certificate leaf) {
        String fingerprint = CertificateId.of(leaf).value();
        Optional<DeviceCertificate> known = principals.certificate(fingerprint);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(Optional.of(new ThingPrincipal(known.get(), leaf)));
        }
        return CompletableFuture.supplyAsync(
                () -> principals.newCertificate(leaf).map(found -> new ThingPrincipal(found, leaf)),
                task -> Thread.ofVirtual().name("new-certificate").start(task));
    }

    @Override
    public boolean isRegistered(X509Certificate leaf) {
        return principals.certificate(CertificateId.of(leaf).value()).isPresent();
    }

    @Override
    public UpgradeAuthentication.Signer byUpgrade(SignedRequest upgrade) {
        return switch (upgrades.verify(upgrade)) {
            case Verdict.Refused refused ->
                new UpgradeAuthentication.Unknown(refused.reason().errorType());
            case Verdict.Accepted accepted -> new UpgradeAuthentication.Known(new UserPrincipal(accepted.caller()));
        };
    }

    private final class ThingPrincipal implements Principal {
        private final String fingerprint;
        private final @Nullable String thingName;
        private final X509Certificate certificate;

        ThingPrincipal(DeviceCertificate known, X509Certificate certificate) {
            this.fingerprint = known.id();
            this.thingName = known.exclusiveThing();
            this.certificate = certificate;
        }

        @Override
        public String id() {
            return fingerprint;
        }

        @Override
        public @Nullable String thingName() {
            return thingName;
        }

        @Override
        public long version() {
            return principals.version();
        }

        @Override
        public boolean isActive() {
            return principals.certificate(fingerprint).isPresent();
        }

        @Override
        public Permissions permissions(String clientId, InetAddress source) {
            Optional<DeviceCertificate> now = principals.certificate(fingerprint);
            if (now.isEmpty()) {
                return new NothingAllowed("the certificate is no longer active");
            }
            PolicyContext context = now.get().contexts().of(clientId, source.getHostAddress(), certificate);
            return new PolicyPermissions(BoundPolicies.of(now.get().policies(), context), account);
        }
    }

    private final class UserPrincipal implements Principal {
        private final IamIdentity caller;

        UserPrincipal(IamIdentity caller) {
            this.caller = caller;
        }

        @Override
        public String id() {
            return caller.userId();
        }

        @Override
        public @Nullable String thingName() {
            return null;
        }

        @Override
        public long version() {
            return principals.version();
        }

        @Override
        public boolean isActive() {
            return principals.user(caller.accessKeyId()).isPresent();
        }

        @Override
        public Permissions permissions(String clientId, InetAddress source) {
            return principals
                    .user(caller.accessKeyId())
                    .<Permissions>map(user -> new PolicyPermissions(user.bind(source.getHostAddress()), account))
                    .orElse(new NothingAllowed("the access key is no longer known"));
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
