package dev.roundtrip.client;

import java.net.http.HttpHeaders;

/** What came of one HTTP request. */
sealed interface Reply {

    /** A whole answer.
     *
     * @param body at most {@link HttpExchange#MAX_ANSWER_BYTES} bytes, or one more where there were more
     */
    @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
    record Answered(int status, HttpHeaders headers, byte[] body) implements Reply {}

    /** The request was not sent whole, so it did not run.
     *
     * @param why a sentence without a full stop
     */
    record Unsent(String why) implements Reply {}

    /** The request was sent, and no whole answer came.
     *
     * @param why a sentence without a full stop
     */
    record Lost(String why) implements Reply {}
}
