package dev.roundtrip.local.apigateway;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;

/** Writes a function's log to standard error, a line for each message. */
final class StandardErrorLogger implements LambdaLogger {
    static final StandardErrorLogger INSTANCE = new StandardErrorLogger();

    private StandardErrorLogger() {}

    @Override
    public void log(String message) {
        System.err.println(message.stripTrailing());
    }

    @Override
    public void log(byte[] message) {
        log(new String(message, StandardCharsets.UTF_8));
    }
}
