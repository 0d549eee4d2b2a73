package dev.roundtrip.local.lambda;

/** What the runtime in one environment asks and tells. Never blocks: called by an event loop. */
interface RuntimeRequests {

    /** It wants its next invocation. */
    void next(Poll poll);

    /** It is ready to be copied, and wants to know when it is restored. */
    void restoreNext(Poll poll);

    /** It answers.
     *
     * @return whether it was asked
     */
    boolean answered(String invocationId, String answer);

    /** It failed.
     *
     * @param error what went wrong, for the caller's log
     * @return whether it was asked
     */
    boolean failed(String invocationId, RuntimeError error);

    /** It cannot start, or cannot be restored. */
    void unusable(String error);
}
