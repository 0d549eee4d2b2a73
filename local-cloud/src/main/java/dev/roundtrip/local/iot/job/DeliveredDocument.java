package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.iot.job.DocumentValues.Recipient;
import dev.roundtrip.local.iot.job.JobConfigs.PresignedUrl;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The document of a job, with what AWS puts into it when a thing gets it. */
final class DeliveredDocument {
    /** Source: service model {@code iot-2015-05-28}, {@code expiresInSec}. */
    private static final long DEFAULT_SECONDS = 3600;

    private DeliveredDocument() {}

    /** The document in JSON, for one execution. */
    static String of(Snapshot rows, JobExecution execution, DocumentValues values) {
        String document = JobRows.document(rows, execution.jobId());
        // Most documents have none, and stay as they were written.
        if (document.indexOf('$') < 0 && !document.contains("\\u0024")) {
            return document;
        }
        ObjectNode read = (ObjectNode) JobJson.parsed(document);
        if (Placeholder.in(read).stream().noneMatch(each -> DocumentValues.KINDS.contains(each.kind()))) {
            return document;
        }
        Recipient recipient = recipient(rows, execution);
        Placeholder.replace(
                read,
                placeholder -> DocumentValues.KINDS.contains(placeholder.kind())
                        ? Optional.of(values.of(placeholder, recipient))
                        : Optional.empty());
        return read.toString();
    }

    private static Recipient recipient(Snapshot rows, JobExecution execution) {
        @Nullable PresignedUrl config = JobRows.job(rows, execution.jobId())
                .map(job -> job.configs().presignedUrlConfig())
                .orElse(null);
        Long seconds = config == null ? null : config.expiresInSec();
        return new Recipient(
                execution.thing(),
                execution.jobId(),
                execution.number(),
                config == null ? null : config.roleArn(),
                seconds == null ? DEFAULT_SECONDS : seconds);
    }
}
