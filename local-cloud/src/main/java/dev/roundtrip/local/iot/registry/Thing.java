package dev.roundtrip.local.iot.registry;

import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.iot.certificate.CertificateVariables;
import dev.roundtrip.protocol.Target;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/** A thing with its certificate and policies, as they were when it was looked up. Immutable. */
public final class Thing {
    private final ThingRecord entry;
    private final ThingFiles files;
    private final List<Policy> policies;

    Thing(ThingRecord entry, ThingFiles files, List<Policy> policies) {
        this.entry = entry;
        this.files = files;
        this.policies = List.copyOf(policies);
    }

    public Target name() {
        return entry.name();
    }

    /** The thing's type; empty text when it has none. */
    public String typeName() {
        return entry.typeName();
    }

    public Map<String, String> attributes() {
        return entry.attributes();
    }

    public CertificateId certificateId() {
        return entry.certificateId();
    }

    public CertificateStatus certificateStatus() {
        return entry.status();
    }

    public Attachment attachment() {
        return entry.attachment();
    }

    public ThingFiles files() {
        return files;
    }

    /** The policies attached to its certificate. */
    public List<Policy> policies() {
        return policies;
    }

    /** Whether a connection with this client id, made with the thing's certificate, is the thing. */
    public boolean isAttachedTo(String clientId) {
        return switch (entry.attachment()) {
            case EXCLUSIVE_THING -> true;
            case NON_EXCLUSIVE_THING -> clientId.equals(name().value());
        };
    }

    /** What policies may know of a connection made with the thing's certificate.
     *
     * @param clientId of the CONNECT packet; one with {@code +}, {@code #} or {@code /} must not become the value of a
     *     policy variable
     * @param sourceIp the peer's address, as text
     * @param certificate that the peer proved to have
     */
    public PolicyContext context(String clientId, String sourceIp, X509Certificate certificate) {
        boolean attached = isAttachedTo(clientId);
        PolicyContext context = CertificateVariables.of(certificate)
                .with("iot:ClientId", clientId)
                .with("aws:SourceIp", sourceIp)
                .with("iot:Connection.Thing.IsAttached", Boolean.toString(attached));
        if (!attached) {
            return context;
        }
        context = context.with("iot:Connection.Thing.ThingName", name().value());
        if (!typeName().isEmpty()) {
            context = context.with("iot:Connection.Thing.ThingTypeName", typeName());
        }
        for (Map.Entry<String, String> attribute : attributes().entrySet()) {
            context = context.with("iot:Connection.Thing.Attributes[" + attribute.getKey() + "]", attribute.getValue());
        }
        return context;
    }

    @Override
    public String toString() {
        return "Thing[" + name() + ", " + certificateId() + ", " + certificateStatus() + "]";
    }
}
