package dev.roundtrip.local.users;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.Json;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** The keys that callers and the function sign with: those of one state directory, worth nothing anywhere else.
 *
 * @param accessKeyId 16 to 128 letters and digits; those made here have 20 and start with {@code AKIA}
 * @param secretAccessKey never empty; those made here have 40 characters, among them {@code +} and {@code /}
 */
public record Credentials(String accessKeyId, String secretAccessKey) {
    private static final Pattern ACCESS_KEY_ID = Pattern.compile("\\w{16,128}");
    private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int SECRET_BYTES = 30;

    public static Credentials random(SecureRandom random) {
        StringBuilder id = new StringBuilder("AKIA");
        random.ints(16, 0, BASE_32.length()).forEach(index -> id.append(BASE_32.charAt(index)));
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new Credentials(id.toString(), Base64.getEncoder().encodeToString(secret));
    }

    public String toJson() {
        return Json.mapper()
                        .createObjectNode()
                        .put("accessKeyId", accessKeyId)
                        .put("secretAccessKey", secretAccessKey)
                        .toPrettyString()
                + "\n";
    }

    public static Credentials parse(Path file, String json) throws StateException {
        try {
            JsonNode node = Json.mapper().readTree(json);
            Credentials read = new Credentials(
                    node.path("accessKeyId").asText(),
                    node.path("secretAccessKey").asText());
            if (ACCESS_KEY_ID.matcher(read.accessKeyId).matches() && !read.secretAccessKey.isBlank()) {
                return read;
            }
        } catch (JsonProcessingException notJson) {
            // Its message may quote the secret.
        }
        throw new StateException(file
                + " must be {\"accessKeyId\":\"…\",\"secretAccessKey\":\"…\"}: mend it, or delete it to get new keys");
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Credentials[" + accessKeyId + "]";
    }
}
