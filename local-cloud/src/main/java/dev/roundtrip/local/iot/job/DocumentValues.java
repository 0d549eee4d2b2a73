package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.http.operation.Refusal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands in a document in the place of URLs of Amazon S3 and signatures of AWS Signer. They are made each time
 * that a thing gets the document. Thread-safe.
 */
public interface DocumentValues {
    /** The kinds of placeholders that AWS replaces when a thing gets the document. */
    Set<String> KINDS = Set.of(
            "s3-presigned-url",
            "s3-presigned-url-v1",
            "s3-presigned-url-v2",
            "s3-presigned-url-upload",
            "code-sign-signature");

    /** Those of a cloud without Amazon S3 and AWS Signer: a job with such a placeholder is refused. */
    DocumentValues NONE = new DocumentValues() {
        @Override
        public void check(Placeholder placeholder) throws Refusal {
            throw Refusal.invalid("the document has the placeholder " + placeholder.kind()
                    + ", and the local cloud has no " + (placeholder.isUrl() ? "Amazon S3" : "AWS Signer"));
        }

        @Override
        public String of(Placeholder placeholder, Recipient recipient) {
            throw new IllegalStateException("no job has a placeholder " + placeholder.kind());
        }
    };

    /** Who gets the document.
     *
     * @param executionNumber of the execution
     * @param roleArn of the job's configuration; null for none
     * @param expiresInSec how long a URL is valid
     */
    record Recipient(
            String thing,
            String jobId,
            long executionNumber,
            @Nullable String roleArn,
            long expiresInSec) {}

    /** Checks a placeholder of one of {@link #KINDS} when a job is made.
     *
     * @throws Refusal when nothing could stand in its place
     */
    void check(Placeholder placeholder) throws Refusal;

    /** What stands in the place of a placeholder that was checked. Does not block. */
    String of(Placeholder placeholder, Recipient recipient);
}
