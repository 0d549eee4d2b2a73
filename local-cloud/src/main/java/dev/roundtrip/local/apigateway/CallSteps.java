package dev.roundtrip.local.apigateway;

import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.http.Denial;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.journal.Step;
import org.jspecify.annotations.Nullable;

/** The steps of one request at the API, as the journal has them. Thread-safe. */
final class CallSteps {
    private static final String INVOCATION_ID = "X-Invocation-Id";

    private final Recorder journal;
    private final String requestId;
    private volatile @Nullable IamIdentity caller;
    private volatile boolean authorized;

    CallSteps(Recorder journal, RequestIds ids) {
        this.journal = journal;
        this.requestId = ids.requestId();
    }

    void received(SignedRequest request) {
        journal.record(new Entry(Step.RECEIVED, null, requestId).detail(request.method() + ' ' + request.path()));
    }

    /** The signature is right. */
    void signed(IamIdentity signer) {
        caller = signer;
    }

    /** Who signed; null while nobody is known to have signed. */
    @Nullable IamIdentity caller() {
        return caller;
    }

    /** The policies allow the call too. */
    void authorized() {
        authorized = true;
        journal.record(new Entry(Step.AUTHORIZED, arn(), requestId));
    }

    /** The request is about to be answered: by the API alone before the call was authorized. */
    void answered(HttpReply reply) {
        journal.record(
                authorized
                        ? new Entry(Step.TOLD, null, requestId)
                                .detail(header(reply, INVOCATION_ID))
                                .code(reply.status())
                                .payload(reply.body())
                        : new Entry(Step.REFUSED, arn(), requestId)
                                .detail(reason(reply))
                                .code(reply.status()));
    }

    private @Nullable String arn() {
        IamIdentity signer = caller;
        return signer == null ? null : signer.arn();
    }

    private static @Nullable String reason(HttpReply reply) {
        String error = header(reply, RequestLog.ERROR_TYPE);
        Denial denial = reply.denial();
        return denial == null
                ? error
                : error + ": " + denial.action() + " on " + denial.resource() + ", " + denial.statement();
    }

    private static @Nullable String header(HttpReply reply, String name) {
        for (Header header : reply.headers()) {
            if (header.name().equalsIgnoreCase(name)) {
                return header.value();
            }
        }
        return null;
    }
}
