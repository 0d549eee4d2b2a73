package dev.roundtrip.local.http;

/** The body of an answer that is written bit by bit, until its client goes or the cloud stops. Thread-safe; never
 * blocks.
 */
public interface HttpStream {
    /** How many bytes wait for a client at most; our choice. */
    int MAX_WAITING_BYTES = 256 * 1024;

    /** Writes a part of the body, unless too much waits for the client already.
     *
     * @param part not empty, and not written to any more
     * @return false when nothing was taken
     */
    boolean offer(byte[] part);

    /** How many bytes more are taken now, at most; 0 when the stream has ended. */
    int room();

    /** Whether there still is a client. */
    boolean isOpen();

    /** Ends the body, and closes the connection when it is written. */
    void end();
}
