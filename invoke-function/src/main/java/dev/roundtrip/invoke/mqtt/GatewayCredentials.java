package dev.roundtrip.invoke.mqtt;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose signature the gateway connects with. */
public sealed interface GatewayCredentials {

    /** As the AWS SDKs find it: the key in the environment variables, which stay as long as the process does, else
     * whatever else it offers.
     *
     * <p>The chain of sources is made only where it is needed: it begins with the same variables, and its other links
     * cost time at the start.
     *
     * @param variables {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and {@code AWS_SESSION_TOKEN}, each of
     *     which may be missing
     */
    static GatewayCredentials from(Map<String, String> variables) {
        String id = variables.getOrDefault("AWS_ACCESS_KEY_ID", "");
        String secret = variables.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
        String token = variables.getOrDefault("AWS_SESSION_TOKEN", "");
        return id.isEmpty() || secret.isEmpty()
                ? new Environment()
                : new Fixed(id, secret, token.isEmpty() ? null : token);
    }

    /** Whatever the environment offers, as the AWS SDKs look for it; asked anew for every connection. */
    record Environment() implements GatewayCredentials {}

    /** A fixed key.
     *
     * @param accessKeyId names the key
     * @param secretAccessKey never logged
     * @param sessionToken null for a long-lived key
     */
    record Fixed(
            String accessKeyId,
            String secretAccessKey,
            @Nullable String sessionToken) implements GatewayCredentials {
        @Override
        public String toString() {
            return "Fixed[" + accessKeyId + "]";
        }
    }
}
