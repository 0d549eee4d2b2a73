package dev.roundtrip.local.apigateway;

import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** What one request is known by. The ids need to be different, not secret.
 *
 * @param requestId a UUID
 * @param extendedRequestId as {@code x-amz-apigw-id} has it
 * @param traceId as {@code X-Amzn-Trace-Id} has it
 * @param time when the request had come in
 */
record RequestIds(String requestId, String extendedRequestId, String traceId, Instant time) {

    static RequestIds fresh(Instant time) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        byte[] extended = new byte[11];
        random.nextBytes(extended);
        HexFormat hex = HexFormat.of();
        String trace = "Root=1-" + hex.toHexDigits((int) time.getEpochSecond()) + '-'
                + hex.toHexDigits(random.nextInt()) + hex.toHexDigits(random.nextLong());
        return new RequestIds(
                randomUuid(random).toString(), Base64.getUrlEncoder().encodeToString(extended), trace, time);
    }

    private static UUID randomUuid(ThreadLocalRandom random) {
        long version4 = (random.nextLong() & 0xffffffffffff0fffL) | 0x4000L;
        long variant = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(version4, variant);
    }
}
