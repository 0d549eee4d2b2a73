package dev.roundtrip.things;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of a thing's certificate. The key is recorded before the first request, because AWS chooses the
 * certificate's id: a certificate whose id did not arrive is found again by its key.
 *
 * @param publicKey base64 of the key's SubjectPublicKeyInfo
 * @param requests how often the certificate was asked for, 0 or more; each request may have made one
 * @param firstRequest when it was first asked for; null before
 * @param id 64 hexadecimal digits; null until it is known
 * @param isRetired whether its deletion has begun: it is of no use any more
 */
record CertificateRecord(
        String publicKey,
        int requests,
        @Nullable Instant firstRequest,
        @Nullable String id,
        boolean isRetired) {

    static CertificateRecord of(String publicKey) {
        return new CertificateRecord(publicKey, 0, null, null, false);
    }

    CertificateRecord requested(Instant now) {
        return new CertificateRecord(publicKey, requests + 1, firstRequest == null ? now : firstRequest, id, isRetired);
    }

    CertificateRecord made(String certificateId) {
        return new CertificateRecord(publicKey, requests, firstRequest, certificateId, isRetired);
    }

    CertificateRecord retired() {
        return new CertificateRecord(publicKey, requests, firstRequest, id, true);
    }

    /** Whether there may be a certificate whose id is not recorded. */
    boolean mayHaveOthers() {
        return requests > (id == null ? 0 : 1);
    }
}
