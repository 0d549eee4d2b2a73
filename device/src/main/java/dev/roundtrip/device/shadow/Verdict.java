package dev.roundtrip.device.shadow;

/** What became of a request, or what a message asks for. */
public enum Verdict {
    /** Nothing: the message belongs to no request that waits, or is late. */
    NOT_OURS,
    /** The request is done. */
    DONE,
    /** The same request is due again, after a pause. */
    RETRY,
    /** The service does not allow the request now; it is due again, after a pause. */
    DENIED,
    /** Another {@link ShadowAgent#get} is due, after a pause: what is known of the shadow does not hold any more. */
    GET_AGAIN,
    /** The service does not take something of the report; smaller ones are due, which find out what. */
    SMALLER,
    /** The service does not take what the report says of one property; that is set aside until the next connection. */
    REFUSED;

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int THROTTLED = 429;
    private static final int BROKEN = 500;

    /** What a code of {@code get/rejected} asks for. A shadow that does not exist is no failure. */
    static Verdict ofGet(int code) {
        if (code == NOT_FOUND) {
            return DONE;
        }
        return canRetry(code) ? RETRY : DENIED;
    }

    /** What a code of {@code update/rejected} asks for; {@link #SMALLER} where the document is what is wrong. Source of
     * the codes: AWS IoT Core developer guide, "Device Shadow error messages".
     */
    static Verdict ofUpdate(int code) {
        return switch (code) {
            case CONFLICT -> GET_AGAIN;
            case 400, 413, 415 -> SMALLER;
            default -> canRetry(code) ? RETRY : DENIED;
        };
    }

    private static boolean canRetry(int code) {
        return code == THROTTLED || code >= BROKEN;
    }
}
