package dev.roundtrip.device.operation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.job.JobExecution;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import dev.roundtrip.device.store.DurableFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Fetches a file: the operation {@code download} with {@code url}, {@code directory}, {@code fileName} and
 * {@code sha256}. Goes on where it was cut off, over a reboot too; a URL that has expired is replaced by a new one of
 * the service. A file that is there stays as it is until the new one is complete. What is not complete is kept in the
 * directory {@code .parts} of the base, for a later attempt; the whole base is on one file system.
 *
 * <pre>{@code
 * device.jobs(jobs -> jobs.on("download", new Download(Path.of("/var/lib/pump"))));
 * }</pre>
 */
public final class Download implements JobHandler {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private final InsidePath inside;
    private final KeptParts parts;
    private final DownloadRules rules;
    private final DownloadedFile then;

    /** Keeps files below a directory.
     *
     * @param base all files are in it; no document leads out of it
     */
    public Download(Path base) {
        this(base, DownloadRules.standard(), (file, execution) -> JobResult.succeeded());
    }

    /** @param then what is done with a file that is complete */
    public Download(Path base, DownloadRules rules, DownloadedFile then) {
        this.inside = new InsidePath(base);
        this.parts = new KeptParts(base);
        this.rules = rules;
        this.then = then;
    }

    /** What a document asks for, checked. */
    private record Wanted(URI url, Path file, Path part, String sha256) {}

    @Override
    public JobResult handle(JobExecution execution) throws Exception {
        Wanted wanted = wanted(execution.document());
        inside.make(wanted.file());
        inside.make(wanted.part());
        PartialFile part = new PartialFile(inside, wanted.part(), rules);
        parts.makeRoom(wanted.part(), rules.maxBytes());
        if (Files.exists(wanted.file(), LinkOption.NOFOLLOW_LINKS)
                && Digest.of(wanted.file()).equals(wanted.sha256())) {
            part.forget();
            DurableFiles.sync(wanted.file());
            return then.arrived(wanted.file(), execution);
        }
        try {
            fetch(wanted, part, execution);
        } catch (DownloadFailedException failed) {
            long kept = part.size();
            return JobResult.failed(
                    String.valueOf(failed.getMessage()), kept > 0 ? Map.of("bytes", Long.toString(kept)) : Map.of());
        }
        // An earlier process may have written it, and ended before it was on the disk.
        DurableFiles.sync(wanted.part());
        inside.make(wanted.file());
        inside.check(wanted.part());
        try {
            DurableFiles.rename(wanted.part(), wanted.file());
        } catch (AtomicMoveNotSupportedException elsewhere) {
            part.forget();
            return JobResult.failed("the directory is on another file system than the one that it is in");
        }
        return then.arrived(wanted.file(), execution);
    }

    private Wanted wanted(JsonNode document) throws JobRejectedException {
        String sha256 = text(document, "sha256").toLowerCase(Locale.ROOT);
        if (!SHA_256.matcher(sha256).matches()) {
            throw new JobRejectedException("the document's sha256 must have 64 hexadecimal digits");
        }
        URI url = url(document);
        String name = text(document, "fileName");
        JsonNode directory = document.path("directory");
        if (!directory.isMissingNode() && !directory.isTextual()) {
            throw new JobRejectedException("the document's directory must be a text");
        }
        Path file = inside.file(directory.asText(), name);
        Path part = parts.of(sha256);
        inside.check(part);
        return new Wanted(url, file, part, sha256);
    }

    private static URI url(JsonNode document) throws JobRejectedException {
        try {
            URI url = URI.create(text(document, "url"));
            String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("https") || scheme.equals("http")) && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException noUrl) {
            // Its message quotes the URL, which may hold a signature.
        }
        throw new JobRejectedException("the document's url must begin with https:// or http://, and be encoded");
    }

    private static String text(JsonNode document, String member) throws JobRejectedException {
        String value = document.path(member).textValue();
        if (value == null) {
            throw new JobRejectedException("the document has no text '" + member + "'");
        }
        return value;
    }

    private void fetch(Wanted wanted, PartialFile part, JobExecution execution)
            throws IOException, InterruptedException, DownloadFailedException, JobRejectedException {
        URI url = wanted.url();
        DownloadTries tries = new DownloadTries(rules, part.size());
        while (true) {
            boolean isContinued = part.size() > 0;
            PartialFile.Step step = part.goOn(url, execution);
            if (step == PartialFile.Step.COMPLETE) {
                if (Digest.of(wanted.part()).equals(wanted.sha256())) {
                    return;
                }
                part.forget();
                tries.wrongDigest(isContinued);
            } else {
                tries.cutOff(part.size(), part.reason());
            }
            if (part.isTooLate()) {
                throw new DownloadFailedException("the file did not come in " + PartialFile.seconds(rules.longest()));
            }
            if (step == PartialFile.Step.EXPIRED) {
                url = freshUrl(execution, part);
            }
        }
    }

    private static URI freshUrl(JobExecution execution, PartialFile part)
            throws IOException, InterruptedException, JobRejectedException {
        try {
            return url(execution.freshDocument());
        } catch (JobRejectedException forGood) {
            part.forget();
            throw forGood;
        }
    }

    /** The details of a download that goes on. */
    static Map<String, String> progress(long bytes, long total) {
        return total > 0
                ? Map.of("bytes", Long.toString(bytes), "percent", Long.toString(bytes * 100 / total))
                : Map.of("bytes", Long.toString(bytes));
    }
}
