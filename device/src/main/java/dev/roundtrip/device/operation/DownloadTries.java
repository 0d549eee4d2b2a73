package dev.roundtrip.device.operation;

import java.time.Duration;

/** How often a download was tried, so that it ends whatever the server does. Used by one thread. */
final class DownloadTries {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** Our choice: a file that needs more requests than these comes too slowly. */
    private static final int MOST_REQUESTS = 10_000;

    private final DownloadRules rules;
    private Duration pause;

    /** The longest part so far: a server that sends the same bytes again brings nothing. */
    private long longest;

    /** Requests in a row that brought nothing, or too little. */
    private int idle;

    private int requests;
    private int wrongDigests;

    /** @param size of the part that is there already */
    DownloadTries(DownloadRules rules, long size) {
        this.rules = rules;
        this.pause = rules.pause();
        this.longest = size;
    }

    /** A request did not bring the rest of the file. Waits where it brought too little.
     *
     * @param size of the part now
     * @param reason why the rest is missing
     * @throws DownloadFailedException when there were too many of them
     */
    void cutOff(long size, String reason) throws DownloadFailedException, InterruptedException {
        if (size >= longest + IdleWatch.LEAST_BYTES) {
            longest = size;
            idle = 0;
            pause = rules.pause();
        } else {
            idle++;
        }
        if (idle >= rules.attempts() || ++requests >= MOST_REQUESTS) {
            throw new DownloadFailedException("the file cannot be fetched: " + reason);
        }
        if (idle > 0) {
            Thread.sleep(pause);
            pause = pause.compareTo(LONGEST_PAUSE) > 0 ? pause : pause.multipliedBy(2);
        }
    }

    /** The file came to its end, and is another one than the document's. What an earlier attempt left may have been
     * damaged, or be of an older file: once the whole file is fetched anew.
     *
     * @param isContinued whether a part of it was there before the last request
     * @throws DownloadFailedException when there is no reason to fetch it once more
     */
    void wrongDigest(boolean isContinued) throws DownloadFailedException {
        if (!isContinued || ++wrongDigests > 1) {
            throw new DownloadFailedException("the file's SHA-256 is another one than the document's");
        }
        longest = 0;
    }
}
