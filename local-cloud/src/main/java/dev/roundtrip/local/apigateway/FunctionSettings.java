package dev.roundtrip.local.apigateway;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.time.Duration;

/** The function as AWS Lambda would run it.
 *
 * @param name the function's name
 * @param timeout how long one call may run before it is interrupted; positive
 * @param memoryMegabytes what its context says of its memory
 * @param logger where the function's own log goes
 */
public record FunctionSettings(String name, Duration timeout, int memoryMegabytes, LambdaLogger logger) {

    /** Thirty seconds, so that API Gateway gives up first; the function logs to standard error. */
    public static final FunctionSettings DEFAULT =
            new FunctionSettings("roundtrip-invoke", Duration.ofSeconds(30), 512, StandardErrorLogger.INSTANCE);

    /** @throws IllegalArgumentException when the timeout is not positive */
    public FunctionSettings {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("the function's timeout must be positive, but is " + timeout);
        }
    }
}
