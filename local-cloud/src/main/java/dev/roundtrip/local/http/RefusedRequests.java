package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.log.BoundedLog;
import dev.roundtrip.local.log.Event;
import dev.roundtrip.local.log.LogLine;
import dev.roundtrip.local.log.LogLine.Level;
import dev.roundtrip.local.log.Member;
import java.net.InetAddress;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes a line of the log of each HTTP request that an AWS IoT service refuses. Thread-safe; never blocks. */
public final class RefusedRequests {
    private static final int SERVER_ERROR = 500;
    private static final String GATEWAY = "iotdevicegateway";

    private final BoundedLog log;
    private final DenialListener denials;

    /** Whom else policies' refusals are told. Called on threads that must not be blocked. */
    @FunctionalInterface
    public interface DenialListener {
        /** @param caller the ARN of the signer; null while nobody is known to have signed */
        void denied(SignedRequest request, Denial denial, @Nullable String caller, int status);
    }

    public RefusedRequests(BoundedLog log) {
        this(log, (request, denial, caller, status) -> {});
    }

    public RefusedRequests(BoundedLog log, DenialListener denials) {
        this.log = log;
        this.denials = denials;
    }

    /** What a line says of a refusal.
     *
     * @param service the signing name of the service
     * @param error AWS's name of the error
     * @param caller the ARN of the signer; null while nobody is known to have signed
     * @param denial null unless policies are the reason
     */
    public record Refused(
            String service,
            String requestId,
            String error,
            @Nullable String caller,
            @Nullable Denial denial) {}

    /** Notes a refusal.
     *
     * @param request null when it could not be read
     */
    public void refused(InetAddress source, @Nullable SignedRequest request, int status, Refused refused) {
        log.accept(Event.REQUEST, refused.error(), () -> line(source, request, status, refused));
        Denial denial = refused.denial();
        if (request != null && denial != null) {
            denials.denied(request, denial, refused.caller(), status);
        }
    }

    /** The answer to an upgrade to MQTT that nobody known has signed.
     *
     * @param error AWS's name of the reason, for the log alone: the client is told no more than that it is forbidden,
     *     as by AWS IoT
     */
    HttpReply refusedUpgrade(InetAddress source, SignedRequest request, String error) {
        return upgrade(source, request, ErrorType.FORBIDDEN, error);
    }

    /** The answer to a request to {@code /mqtt} that is no upgrade to MQTT. */
    HttpReply badUpgrade(InetAddress source, SignedRequest request) {
        return upgrade(source, request, ErrorType.INVALID_REQUEST, ErrorType.INVALID_REQUEST.word());
    }

    private HttpReply upgrade(InetAddress source, SignedRequest request, ErrorType type, String error) {
        String id = UUID.randomUUID().toString();
        refused(source, request, type.status(), new Refused(GATEWAY, id, error, null, null));
        return RestJson.refused(type, type == ErrorType.FORBIDDEN ? "Forbidden" : "Bad Request", id);
    }

    private static LogLine line(InetAddress source, @Nullable SignedRequest request, int status, Refused refused) {
        LogLine line = LogLine.of(status >= SERVER_ERROR ? Level.ERROR : Level.WARN, Event.REQUEST)
                .with(Member.REQUEST_ID, refused.requestId())
                .with(Member.SERVICE, refused.service())
                .with(Member.STATUS, status)
                .with(Member.REFUSAL, refused.error())
                .with(Member.CALLER, refused.caller())
                .with(Member.SOURCE_IP, source.getHostAddress());
        if (request != null) {
            line.withSent(Member.HTTP_METHOD, request.method()).withSent(Member.PATH, request.path());
        }
        Denial denial = refused.denial();
        return denial == null
                ? line
                : line.with(Member.ACTION, denial.action())
                        .withSent(Member.RESOURCE, denial.resource())
                        .with(Member.STATEMENT, denial.statement());
    }
}
