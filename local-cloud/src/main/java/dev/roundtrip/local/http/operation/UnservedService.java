package dev.roundtrip.local.http.operation;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SigningName;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpExchange;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.HttpService;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.http.RefusedRequests.Refused;
import dev.roundtrip.local.http.Unserved;
import java.net.InetAddress;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers requests that are signed for a service of AWS that the local cloud does not have. No signature is verified:
 * everybody is told the same. Thread-safe.
 */
public final class UnservedService implements HttpService {
    /** No body is taken; the others are our choice. */
    private static final HttpLimits LIMITS = new HttpLimits(8 * 1024, 16 * 1024, 0);

    private static final int MAX_NAME = 40;

    private final RefusedRequests log;

    public UnservedService(RefusedRequests log) {
        this.log = log;
    }

    @Override
    public Set<String> signingNames() {
        return Set.of();
    }

    @Override
    public HttpLimits limits() {
        return LIMITS;
    }

    @Override
    public Head judge(SignedRequest head) {
        return Head.NOT_ALLOWED;
    }

    @Override
    public void serve(HttpExchange exchange) {
        exchange.answer(refuse(Unserved.NOT_ALLOWED, exchange.request(), exchange.source()));
    }

    @Override
    public HttpReply refuse(Unserved why, @Nullable SignedRequest head, InetAddress source) {
        String name = head == null ? "" : SigningName.of(head).orElse("");
        String service = name.matches("[a-z0-9-]{1," + MAX_NAME + "}") ? name : "of this name";
        String id = UUID.randomUUID().toString();
        ErrorType type = ErrorType.NOT_IMPLEMENTED;
        log.refused(source, head, type.status(), new Refused(service, id, type.word(), null, null));
        Protocol protocol = head == null ? Protocol.REST_JSON : Protocol.of(head, name);
        return protocol.refused(
                type,
                "the local cloud does not serve the service " + service
                        + "; docs/services.md lists the services that it serves",
                id);
    }
}
