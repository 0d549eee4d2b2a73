package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.protocol.Json;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.UUID;

/** A certificate as the registry has it. Immutable.
 *
 * @param id the fingerprint
 * @param pem empty when only the fingerprint is known
 * @param mode who signed it
 * @param generation changes with each change
 * @param version 1 at first, and one more with each change
 */
public record RegisteredCertificate(
        String id,
        String pem,
        CertificateStatus status,
        Mode mode,
        Instant created,
        Instant modified,
        String generation,
        long version) {

    /** The names are those of AWS IoT's {@code certificateMode}. */
    public enum Mode {
        /** The local authority signed it. */
        DEFAULT,
        /** It was registered without its authority. */
        SNI_ONLY
    }

    static RegisteredCertificate of(String id, String pem, CertificateStatus status, Mode mode, Instant now) {
        return new RegisteredCertificate(
                id, pem, status, mode, now, now, UUID.randomUUID().toString(), 1);
    }

    RegisteredCertificate changed(CertificateStatus newStatus, Instant now) {
        return new RegisteredCertificate(
                id, pem, newStatus, mode, created, now, UUID.randomUUID().toString(), version + 1);
    }

    /** The certificate itself.
     *
     * @throws StoreException when it is not known
     */
    public X509Certificate certificate() {
        return Pem.certificate(pem).orElseThrow(() -> new StoreException("the certificate " + id + " is not known"));
    }

    byte[] toBytes() {
        return Stored.bytes(Json.mapper()
                .createObjectNode()
                .put("pem", pem)
                .put("status", status.name())
                .put("mode", mode.name())
                .put("created", created.toEpochMilli())
                .put("modified", modified.toEpochMilli())
                .put("generation", generation)
                .put("version", version));
    }

    static RegisteredCertificate of(String id, byte[] bytes) {
        JsonNode node = Stored.node(bytes);
        return new RegisteredCertificate(
                id,
                node.path("pem").asText(),
                CertificateStatus.valueOf(node.path("status").asText()),
                Mode.valueOf(node.path("mode").asText()),
                Instant.ofEpochMilli(node.path("created").asLong()),
                Instant.ofEpochMilli(node.path("modified").asLong()),
                node.path("generation").asText(),
                node.path("version").asLong());
    }
}
