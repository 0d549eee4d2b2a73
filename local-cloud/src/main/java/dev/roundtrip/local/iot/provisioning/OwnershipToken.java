package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is kept of a token that proves who a new certificate is for: its digest, and never the token. Immutable.
 *
 * @param digest of the token
 * @param certificateId which it is for
 * @param principal who asked for the certificate, and alone may use the token
 * @param expires from when on it counts no more
 * @param use what it was used for; null when it was not used
 */
record OwnershipToken(
        String digest,
        String certificateId,
        String principal,
        Instant expires,
        @Nullable Use use) {
    private static final Table TOKENS = new Table("provisioning_tokens");

    /** How many certificates wait, by principal, and of all. */
    private static final Table COUNTS = new Table("provisioning_counts");

    private static final String ALL = "all";
    private static final String ONE = "principal/";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    /** The one use of a token.
     *
     * @param request the digest of the request, so that the same one is answered again
     * @param answer what was answered
     */
    record Use(String request, ObjectNode answer) {}

    /** A new token, which nobody can guess. */
    static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static OwnershipToken of(String token, String certificateId, String principal, Instant expires) {
        return new OwnershipToken(Digests.hex(token), certificateId, principal, expires, null);
    }

    static Optional<OwnershipToken> find(Snapshot rows, String digest) {
        return rows.get(TOKENS, digest).map(row -> of(digest, ProvisioningTemplate.read(row)));
    }

    private static OwnershipToken of(String digest, JsonNode row) {
        Use use = row.path("answer") instanceof ObjectNode answer
                ? new Use(row.path("request").asText(), answer)
                : null;
        return new OwnershipToken(
                digest,
                row.path("certificate").asText(),
                row.path("principal").asText(),
                Instant.ofEpochMilli(row.path("expires").asLong()),
                use);
    }

    private void put(Transaction rows) {
        ObjectNode row = RestJson.MAPPER
                .createObjectNode()
                .put("certificate", certificateId)
                .put("principal", principal)
                .put("expires", expires.toEpochMilli());
        if (use != null) {
            row.put("request", use.request()).set("answer", use.answer());
        }
        rows.put(TOKENS, digest, row.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a token that is new. */
    void add(Transaction rows) {
        put(rows);
        count(rows, 1);
    }

    /** Writes that it was used. */
    void used(Transaction rows, Use newUse) {
        new OwnershipToken(digest, certificateId, principal, expires, newUse).put(rows);
        count(rows, -1);
    }

    /** Forgets it. */
    void remove(Transaction rows) {
        rows.delete(TOKENS, digest);
        if (use == null) {
            count(rows, -1);
        }
    }

    private void count(Transaction rows, int change) {
        for (String key : new String[] {ALL, ONE + principal}) {
            int now = count(rows, key) + change;
            if (now == 0) {
                rows.delete(COUNTS, key);
            } else {
                rows.put(COUNTS, key, Integer.toString(now).getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private static int count(Snapshot rows, String key) {
        return rows.get(COUNTS, key)
                .map(row -> Integer.parseInt(new String(row, StandardCharsets.US_ASCII)))
                .orElse(0);
    }

    /** Demands that one more certificate may wait.
     *
     * @throws ProvisioningRefusal when too many wait
     */
    static void demandRoom(Snapshot rows, String principal) throws ProvisioningRefusal {
        if (count(rows, ONE + principal) >= OpenFacts.MAX_PENDING
                || count(rows, ALL) >= OpenFacts.MAX_PENDING_TOGETHER) {
            throw new ProvisioningRefusal(
                    ProvisioningError.THROTTLED,
                    "Too many certificates wait for RegisterThing; each is deleted an hour after it was made");
        }
    }
}
