package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.http.operation.Refusal;
import org.jspecify.annotations.Nullable;

/** A thing's request is rejected; the message is for its sender. */
final class JobRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Rejection rejection;
    private final transient @Nullable JobExecution execution;

    JobRefusal(Rejection rejection, String message) {
        super(message);
        this.rejection = rejection;
        this.execution = null;
    }

    /** @param execution in the state that does not allow the request */
    JobRefusal(Rejection rejection, String message, JobExecution execution) {
        super(message);
        this.rejection = rejection;
        this.execution = execution;
    }

    static JobRefusal invalid(String message) {
        return new JobRefusal(Rejection.INVALID_REQUEST, message);
    }

    Rejection rejection() {
        return rejection;
    }

    /** The execution whose state the sender is told; null for none. */
    @Nullable JobExecution execution() {
        return execution;
    }

    /** The same over HTTP. */
    Refusal overHttp() {
        return new Refusal(rejection.type(), String.valueOf(getMessage()));
    }
}
