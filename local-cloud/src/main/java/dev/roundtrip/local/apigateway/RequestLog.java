package dev.roundtrip.local.apigateway;

import dev.roundtrip.auth.sigv4.Caller;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.log.LogLine;
import dev.roundtrip.local.log.LogLine.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One line for each answer, refusals too: what an access log of API Gateway has, and never a query or a body. Thread-safe. */
final class RequestLog {
    private static final int SERVER_ERROR = 500;
    private static final int CLIENT_ERROR = 400;

    /** A path may hold anything; what is beyond this is left out. */
    private static final int MAX_PATH = 256;

    private final Consumer<String> lines;
    private final InstantSource clock = InstantSource.system();

    RequestLog(Consumer<String> lines) {
        this.lines = lines;
    }

    /** A request that was read.
     *
     * @param caller null while nobody is known to have signed it
     */
    void answered(IncomingRequest incoming, @Nullable Caller caller, ApiReply reply) {
        SignedRequest request = incoming.request();
        String path = request.path();
        lines.accept(line(incoming.ids(), reply)
                .with("caller", caller == null ? null : caller.arn())
                .with("sourceIp", incoming.sourceIp())
                .with("httpMethod", request.method())
                .with("path", path.length() <= MAX_PATH ? path : path.substring(0, MAX_PATH) + "...")
                .toString());
    }

    /** A request that could not be read. */
    void refused(String sourceIp, RequestIds ids, ApiReply reply) {
        lines.accept(line(ids, reply).with("sourceIp", sourceIp).toString());
    }

    private LogLine line(RequestIds ids, ApiReply reply) {
        String refusal = reply.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase("x-amzn-ErrorType"))
                .map(header -> header.value())
                .findFirst()
                .orElse(null);
        return LogLine.of(level(reply.status(), refusal), "request")
                .with("requestId", ids.requestId())
                .with("status", reply.status())
                .with("refusal", refusal)
                .with(
                        "elapsed",
                        Math.max(
                                0, Duration.between(ids.time(), clock.instant()).toMillis()));
    }

    /** The function's own answers are its own matter. */
    private static Level level(int status, @Nullable String refusal) {
        if (refusal == null || status < CLIENT_ERROR) {
            return Level.INFO;
        }
        return status >= SERVER_ERROR ? Level.ERROR : Level.WARN;
    }
}
