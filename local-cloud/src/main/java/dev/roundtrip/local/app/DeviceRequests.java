package dev.roundtrip.local.app;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.principal.DeviceCertificate;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.certificate.CertificateVariables;
import dev.roundtrip.local.iot.registry.Account;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
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
                .<Outcome>map(found -> new Known(signer(found, certificate, source)))
                .orElse(new UnknownCertificate());
    }

    /** A device with its certificate's policies. Over HTTP it has no client id, and policies know nothing of its thing.
     *
     * <p>Source: AWS IoT Core developer guide, "Thing policy variables": they are there for MQTT connections.
     */
    private Signer signer(DeviceCertificate known, X509Certificate certificate, InetAddress source) {
        return new PolicySigner(
                account.iotArn("cert/" + known.id()),
                null,
                context -> BoundPolicies.of(known.policies(), context),
                CertificateVariables.of(certificate).with("aws:SourceIp", source.getHostAddress()),
                account);
    }
}
