package dev.roundtrip.local.app;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.principal.DeviceCertificate;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.certificate.CertificateVariables;
import dev.roundtrip.local.iot.registry.Account;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;

/** Lets users in who sign HTTP requests, and things by their certificates; each with the policies that count at the
 * moment. Thread-safe.
 */
final class DeviceRequests implements RequestAuthentication {
    private final RequestAuthentication signed;
    private final StatePrincipals principals;
    private final Account account;

    /** @param signed knows who signs requests */
    DeviceRequests(RequestAuthentication signed, StatePrincipals principals, Account account) {
        this.signed = signed;
        this.principals = principals;
        this.account = account;
    }

    @Override
    public Outcome authenticate(SignedRequest request, InetAddress source) {
        return signed.authenticate(request, source);
    }

    @Override
    public boolean takesCertificates() {
        return true;
    }

    @Override
    public Outcome authenticate(X509Certificate certificate, InetAddress source) {
        Optional<DeviceCertificate> known =
                principals.certificate(CertificateId.of(certificate).value());
        return known.or(() -> principals.newCertificate(certificate))
                .<Outcome>map(found -> new Known(new Device(found, certificate, source.getHostAddress())))
                .orElse(new Unknown(ErrorType.FORBIDDEN.word()));
    }

    /** A device with its certificate's policies. Over HTTP it has no client id, and policies know nothing of its thing.
     *
     * <p>Source: AWS IoT Core developer guide, "Thing policy variables": they are there for MQTT connections.
     */
    private final class Device implements Signer {
        private final DeviceCertificate known;
        private final PolicyContext context;

        Device(DeviceCertificate known, X509Certificate certificate, String source) {
            this.known = known;
            this.context = CertificateVariables.of(certificate).with("aws:SourceIp", source);
        }

        @Override
        public boolean may(Access access) {
            return policies(access).allows(access.action(), resource(access));
        }

        @Override
        public String refusal(Access access) {
            return policies(access).refusal(access.action(), resource(access));
        }

        @Override
        public String arn() {
            return account.iotArn("cert/" + known.id());
        }

        private BoundPolicies policies(Access access) {
            PolicyContext all = context;
            for (Map.Entry<String, String> key : access.context().entrySet()) {
                all = all.with(key.getKey(), key.getValue());
            }
            return BoundPolicies.of(known.policies(), all);
        }

        private String resource(Access access) {
            String resource = access.resource();
            return resource.equals("*") || resource.startsWith("arn:") ? resource : account.iotArn(resource);
        }
    }
}
