package dev.roundtrip.device.operation;

import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobRejectedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of a file that is there already. Used by one thread. */
final class PartialFile {
    private static final int BUFFER = 64 * 1024;
    private static final long BETWEEN_REPORTS = TimeUnit.SECONDS.toNanos(1);
    private static final int PERCENT_OF_A_REPORT = 5;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    /** What S3 answers when a presigned URL has expired, and what others answer. */
    private static final Set<Integer> EXPIRED = Set.of(401, 403, 410);

    /** Too slow, too many requests, too early: the same request may succeed later. */
    private static final Set<Integer> LATER = Set.of(408, 425, 429);

    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NO_SUCH_RANGE = 416;
    private static final int SERVER_ERROR = 500;

    private final InsidePath inside;
    private final Path file;
    private final DownloadRules rules;
    private final long until;
    private String reason = "the server sent nothing";

    /** What one request brought. */
    enum Step {
        /** The file is complete, as far as the server knows. */
        COMPLETE,
        /** There is more to fetch. */
        MORE,
        /** The URL is refused; another one may be taken. */
        EXPIRED
    }

    /** @param inside what the part must not lead out of */
    PartialFile(InsidePath inside, Path file, DownloadRules rules) {
        this.inside = inside;
        this.file = file;
        this.rules = rules;
        this.until = System.nanoTime() + rules.longest().toNanos();
    }

    /** Whether the longest time that a download may take is over. */
    boolean isTooLate() {
        return until - System.nanoTime() <= 0;
    }

    /** Why the last request did not bring the rest. */
    String reason() {
        return reason;
    }

    long size() throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
    }

    /** @throws JobRejectedException when a link is in the way: what it leads to is not deleted */
    void forget() throws IOException, JobRejectedException {
        inside.check(file);
        Files.deleteIfExists(file);
    }

    /** Asks for what is missing.
     *
     * @throws IOException when the file cannot be written
     * @throws JobRejectedException when a link came in the way of the file
     */
    Step goOn(URI url, JobExecution execution)
            throws IOException, InterruptedException, DownloadFailedException, JobRejectedException {
        long from = size();
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(rules.idle());
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        HttpResponse<InputStream> response;
        try {
            response = rules.client().send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException lost) {
            reason = "the connection failed (" + lost.getClass().getSimpleName() + ")";
            return Step.MORE;
        }
        try (InputStream body = response.body()) {
            return take(response, body, from, execution);
        } catch (DownloadFailedException inVain) {
            // No later attempt goes on with it.
            forget();
            throw inVain;
        }
    }

    private Step take(HttpResponse<InputStream> response, InputStream body, long from, JobExecution execution)
            throws IOException, InterruptedException, DownloadFailedException, JobRejectedException {
        int status = response.statusCode();
        if (status == OK) {
            long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
            return append(body, 0, length, execution);
        }
        if (status == PARTIAL) {
            Matcher range =
                    RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
            if (range.matches() && Long.parseLong(range.group(1)) == from) {
                String total = range.group(2);
                return append(body, from, total.equals("*") ? -1 : Long.parseLong(total), execution);
            }
            forget();
            reason = "the server sent another range than the one that was asked for";
            return Step.MORE;
        }
        reason = "the server answered " + status;
        if (status == NO_SUCH_RANGE && from > 0) {
            // The part is complete, or longer than the file: the digest tells.
            return Step.COMPLETE;
        }
        if (EXPIRED.contains(status)) {
            return Step.EXPIRED;
        }
        if (status >= SERVER_ERROR || LATER.contains(status)) {
            return Step.MORE;
        }
        throw new DownloadFailedException(reason);
    }

    /** @param total the length of the whole file; negative when the server does not say it */
    private Step append(InputStream body, long from, long total, JobExecution execution)
            throws IOException, InterruptedException, DownloadFailedException, JobRejectedException {
        if (total > rules.maxBytes()) {
            throw new DownloadFailedException("the file is longer than " + rules.maxBytes() + " bytes");
        }
        inside.check(file);
        try (FileChannel channel = FileChannel.open(
                        file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
                IdleWatch watch = new IdleWatch(body, rules, until)) {
            channel.truncate(from).position(from);
            boolean isWhole = copy(body, channel, total, watch, execution);
            channel.force(true);
            return isWhole && (total < 0 || channel.size() == total) ? Step.COMPLETE : Step.MORE;
        }
    }

    /** @return whether the body came to its end */
    private boolean copy(InputStream body, FileChannel channel, long total, IdleWatch watch, JobExecution execution)
            throws IOException, InterruptedException, DownloadFailedException {
        byte[] buffer = new byte[BUFFER];
        long reported = System.nanoTime() - BETWEEN_REPORTS;
        long told = 0;
        while (true) {
            int read;
            try {
                read = body.read(buffer);
            } catch (IOException lost) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("the job is to end");
                }
                reason = watch.isGivenUp()
                        ? "fewer than " + IdleWatch.LEAST_BYTES + " bytes came in " + seconds(rules.idle())
                        : "the connection was lost";
                return false;
            }
            if (read < 0) {
                return true;
            }
            if (execution.isCancelled()) {
                throw new InterruptedException("the job is to end");
            }
            watch.came(read);
            if (channel.position() + read > rules.maxBytes()) {
                throw new DownloadFailedException("the file is longer than " + rules.maxBytes() + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
            while (bytes.hasRemaining()) {
                int unused = channel.write(bytes);
            }
            long percent = total > 0 ? channel.position() * 100 / total : 0;
            if (System.nanoTime() - reported >= BETWEEN_REPORTS || percent >= told + PERCENT_OF_A_REPORT) {
                reported = System.nanoTime();
                told = percent;
                execution.progress(Download.progress(channel.position(), total));
            }
        }
    }

    static String seconds(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
