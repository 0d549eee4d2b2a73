package dev.roundtrip.auth.sigv4;

import java.time.Instant;
import java.util.Set;

/** What a request says about its own signature, read and not yet believed.
 *
 * @param accessKeyId the key that it claims to be signed with
 * @param scope the scope of the signing key
 * @param date when it was signed, as sent: {@code yyyyMMdd'T'HHmmss'Z'}
 * @param time the same as an instant
 * @param validity for how long
 * @param signedHeaders the signed headers' names as sent, separated by semicolons
 * @param signature as sent
 * @param sessionToken empty when there is none
 * @param placement where all this stood
 */
record ParsedAuthorization(
        String accessKeyId,
        CredentialScope scope,
        String date,
        Instant time,
        Validity validity,
        String signedHeaders,
        String signature,
        String sessionToken,
        Placement placement) {

    /** For how long a signature is good. */
    sealed interface Validity {
        /** As long as the verifier's clock is close enough to the signer's. */
        record WithinClockSkew() implements Validity {}

        /** As the signer said.
         *
         * @param seconds 1 to {@value #MAX_SECONDS}
         */
        record Expires(int seconds) implements Validity {
            /** Seven days; source: Signature Version 4, query parameters. */
            static final int MAX_SECONDS = 604_800;
        }
    }

    /** Where the signature stands. */
    enum Placement {
        HEADERS,
        QUERY;

        private static final Set<String> SIGNATURE = Set.of(AmzName.SIGNATURE);
        private static final Set<String> SIGNATURE_AND_TOKEN = Set.of(AmzName.SIGNATURE, AmzName.SECURITY_TOKEN);

        /** The query parameters that are no part of what was signed. */
        Set<String> unsignedParameters(SigningService.SessionTokenForm sessionToken) {
            return switch (this) {
                case HEADERS -> Set.of();
                case QUERY ->
                    switch (sessionToken) {
                        case SIGNED -> SIGNATURE;
                        case LEFT_OUT -> SIGNATURE_AND_TOKEN;
                    };
            };
        }
    }
}
