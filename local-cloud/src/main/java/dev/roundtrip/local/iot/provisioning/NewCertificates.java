package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.iot.registry.RegisteredCertificate;
import dev.roundtrip.local.iot.registry.RegistryException;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.RsaKeys;
import dev.roundtrip.local.keys.SigningRequest;
import dev.roundtrip.local.time.Timetable;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.security.auth.x500.X500Principal;

/** Makes certificates that wait for their devices, with the tokens that prove whose they are. Thread-safe. */
final class NewCertificates {
    /** The name in certificates that are made with their keys, as AWS writes it. */
    static final X500Principal SUBJECT = new X500Principal("CN=AWS IoT Certificate");

    private final ProvisioningEnvironment around;
    private final Timetable<ProvisioningTask> timetable;

    NewCertificates(ProvisioningEnvironment around, Timetable<ProvisioningTask> timetable) {
        this.around = around;
        this.timetable = timetable;
    }

    /** CreateKeysAndCertificate: with a new RSA key, which is kept nowhere.
     *
     * @param principal who asks
     * @return what is answered
     */
    ObjectNode withKeys(String principal) throws ProvisioningRefusal {
        demandRoom(principal);
        try {
            KeyPair keys = around.keys().make();
            return make(SUBJECT, keys.getPublic(), principal).put("privateKey", Pem.pkcs1(keys.getPrivate()));
        } catch (RsaKeys.BusyException busy) {
            throw new ProvisioningRefusal(ProvisioningError.THROTTLED, String.valueOf(busy.getMessage()));
        }
    }

    /** CreateCertificateFromCsr. */
    ObjectNode fromRequest(String pem, String principal) throws ProvisioningRefusal {
        SigningRequest request = signingRequest(pem);
        demandRoom(principal);
        return make(request.subject(), request.key(), principal);
    }

    /** Reads a signing request, of which the sender has the key. */
    static SigningRequest signingRequest(String pem) throws ProvisioningRefusal {
        SigningRequest request = SigningRequest.read(pem)
                .orElseThrow(() -> new ProvisioningRefusal(
                        ProvisioningError.INVALID_CERTIFICATE_SIGNING_REQUEST,
                        "The certificate signing request cannot be read, or is not signed with the key that it has"));
        if (!DeviceKeys.isStrong(request.key())) {
            throw new ProvisioningRefusal(
                    ProvisioningError.INVALID_CERTIFICATE_SIGNING_REQUEST,
                    "A key is RSA of 2048 bits or more, or on a NIST curve of 256 bits or more");
        }
        return request;
    }

    /** Before keys are made, which takes long. */
    private void demandRoom(String principal) throws ProvisioningRefusal {
        boolean unused = around.store().<Boolean, ProvisioningRefusal>read(rows -> {
            OwnershipToken.demandRoom(rows, principal);
            return true;
        });
    }

    private ObjectNode make(X500Principal subject, PublicKey key, String principal) throws ProvisioningRefusal {
        Instant now = around.clock().instant();
        X509Certificate certificate = around.authority().certify(subject, key);
        String secret = OwnershipToken.random();
        OwnershipToken token =
                OwnershipToken.of(secret, CertificateId.of(certificate).value(), principal, now.plus(OpenFacts.TOKEN));
        RegisteredCertificate added = around.registry().<RegisteredCertificate, ProvisioningRefusal>transact(change -> {
            OwnershipToken.demandRoom(change.rows(), principal);
            token.add(change.rows());
            timetable.put(change.rows(), token.expires(), ProvisioningTask.END_TOKEN, token.digest());
            try {
                return change.addCertificate(certificate, CertificateStatus.PENDING_ACTIVATION);
            } catch (RegistryException refused) {
                throw new ProvisioningRefusal(
                        ProvisioningError.REGISTRATION_FAILED, String.valueOf(refused.getMessage()));
            }
        });
        timetable.watch(token.expires());
        return JsonNodeFactory.instance
                .objectNode()
                .put("certificateId", added.id())
                .put("certificatePem", added.pem())
                .put("certificateOwnershipToken", secret);
    }

    /** A token ends. Its certificate is deleted when it still waits and is attached to nothing. */
    void endToken(String digest) {
        boolean unused = around.registry().<Boolean, RuntimeException>transact(change -> {
            OwnershipToken token = OwnershipToken.find(change.rows(), digest).orElse(null);
            if (token == null) {
                return false;
            }
            token.remove(change.rows());
            String id = token.certificateId();
            boolean waits = change.certificate(id)
                    .filter(found -> found.status() == CertificateStatus.PENDING_ACTIVATION)
                    .isPresent();
            if (waits && !change.isAttached(id)) {
                change.deleteCertificate(id);
            }
            return true;
        });
    }
}
