package dev.roundtrip.invoke.mqtt;

import org.jspecify.annotations.Nullable;

/** Whose signature the gateway connects with. */
public sealed interface GatewayCredentials {

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
