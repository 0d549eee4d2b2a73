package dev.roundtrip.local.apigateway;

import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.http.Denial;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.log.BoundedLog;
import dev.roundtrip.local.log.Event;
import dev.roundtrip.local.log.LogLine;
import dev.roundtrip.local.log.LogLine.Level;
import dev.roundtrip.local.log.Member;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One line for each answer, refusals too: what an access log of API Gateway has, and never a query or a body.
 * Thread-safe.
 */
final class RequestLog {
    /** The header that names the error of a refusal. */
    static final String ERROR_TYPE = "x-amzn-ErrorType";

    private static final int SERVER_ERROR = 500;
    private static final int CLIENT_ERROR = 400;

    private final Consumer<String> lines;
    private final BoundedLog refusals;
    private final InstantSource clock = InstantSource.system();

    RequestLog(Consumer<String> lines, BoundedLog refusals) {
        this.lines = lines;
        this.refusals = refusals;
    }

    /** A request that was read.
     *
     * @param caller null while nobody is known to have signed it
     */
    void answered(IncomingRequest incoming, @Nullable IamIdentity caller, HttpReply reply) {
        SignedRequest request = incoming.request();
        String refusal = refusal(reply);
        write(
                refusal,
                () -> line(incoming.ids(), reply, refusal)
                        .with(Member.CALLER, caller == null ? null : caller.arn())
                        .with(Member.SOURCE_IP, incoming.sourceIp())
                        .withSent(Member.HTTP_METHOD, request.method())
                        .withSent(Member.PATH, request.path()));
    }

    /** A request that could not be read. */
    void refused(String sourceIp, RequestIds ids, HttpReply reply) {
        String refusal = refusal(reply);
        write(refusal, () -> line(ids, reply, refusal).with(Member.SOURCE_IP, sourceIp));
    }

    private void write(@Nullable String refusal, Supplier<LogLine> line) {
        if (refusal == null) {
            lines.accept(line.get().toString());
        } else {
            refusals.accept(Event.REQUEST, refusal, line);
        }
    }

    private static @Nullable String refusal(HttpReply reply) {
        for (Header header : reply.headers()) {
            if (header.name().equalsIgnoreCase(ERROR_TYPE)) {
                return header.value();
            }
        }
        return null;
    }

    private LogLine line(RequestIds ids, HttpReply reply, @Nullable String refusal) {
        Denial denial = reply.denial();
        LogLine line = LogLine.of(level(reply.status(), refusal), Event.REQUEST)
                .with(Member.REQUEST_ID, ids.requestId())
                .with(Member.SERVICE, "execute-api")
                .with(Member.STATUS, reply.status())
                .with(Member.REFUSAL, refusal);
        if (denial != null) {
            line.with(Member.ACTION, denial.action())
                    .withSent(Member.RESOURCE, denial.resource())
                    .with(Member.STATEMENT, denial.statement());
        }
        return line.with(
                Member.ELAPSED,
                Math.max(0, Duration.between(ids.time(), clock.instant()).toMillis()));
    }

    /** The function's own answers are its own matter. */
    private static Level level(int status, @Nullable String refusal) {
        if (refusal == null || status < CLIENT_ERROR) {
            return Level.INFO;
        }
        return status >= SERVER_ERROR ? Level.ERROR : Level.WARN;
    }
}
