package dev.roundtrip.local.apigateway;

import dev.roundtrip.local.http.ConnectionTimes;
import java.time.Duration;

/** How long the API waits; tests wait less.
 *
 * @param integrationTimeout how long the function may take to answer
 * @param requestTimeout how long a request may take from its first byte to its last
 * @param idleTimeout how long a connection may lie still
 * @param drainTimeout how long calls may go on after the API is drained
 */
public record ApiLimits(
        Duration integrationTimeout, Duration requestTimeout, Duration idleTimeout, Duration drainTimeout) {

    /** The largest body; source: API Gateway quotas, "Payload size". */
    static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

    /** The longest request line, and the largest sum of all headers; source: API Gateway quotas. */
    static final int MAX_HEAD_BYTES = 10_240;

    /** The largest body that a function takes or gives; source: AWS Lambda quotas, "Invocation payload". */
    static final int MAX_FUNCTION_PAYLOAD_BYTES = 6 * 1024 * 1024;

    /** Integration 29 s, idle connection 310 s; source: API Gateway quotas. The others are ours. */
    public static final ApiLimits AWS = new ApiLimits(
            Duration.ofSeconds(29), Duration.ofSeconds(30), Duration.ofSeconds(310), Duration.ofMillis(300));

    /** What of them holds for connections. */
    public ConnectionTimes connections() {
        return new ConnectionTimes(requestTimeout, idleTimeout, drainTimeout);
    }
}
