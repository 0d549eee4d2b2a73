package dev.roundtrip.local.iot.registry;

import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.protocol.Target;
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

    @Override
    public String toString() {
        return "Thing[" + name() + ", " + certificateId() + ", " + certificateStatus() + "]";
    }
}
