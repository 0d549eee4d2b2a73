package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.HttpEndpoint.Denial;
import dev.roundtrip.local.http.HttpEndpoint.Refused;
import dev.roundtrip.local.log.BoundedLog;
import dev.roundtrip.local.log.Event;
import dev.roundtrip.local.log.LogLine;
import dev.roundtrip.local.log.LogLine.Level;
import dev.roundtrip.local.log.Member;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Makes a line of the log of each HTTP request that is refused on the port for gateways. Thread-safe; never blocks. */
public final class RefusedRequests {
    private static final int SERVER_ERROR = 500;

    /** For tests: nobody reads it. */
    static final RefusedRequests UNREAD = new RefusedRequests(new BoundedLog(line -> {}));

    private final BoundedLog log;

    public RefusedRequests(BoundedLog log) {
        this.log = log;
    }

    /** @param request null when it could not be read */
    void refused(InetAddress source, @Nullable SignedRequest request, int status, Refused refused) {
        log.accept(Event.REQUEST, refused.error(), () -> line(source, request, status, refused));
    }

    private static LogLine line(InetAddress source, @Nullable SignedRequest request, int status, Refused refused) {
        boolean upgrade = request != null && request.path().equals(GatewayRequests.MQTT_PATH);
        LogLine line = LogLine.of(status >= SERVER_ERROR ? Level.ERROR : Level.WARN, Event.REQUEST)
                .with(Member.REQUEST_ID, refused.traceId())
                .with(Member.SERVICE, upgrade ? "iotdevicegateway" : "iotdata")
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
