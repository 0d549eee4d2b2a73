package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.util.List;
import java.util.Map;

/** What a job is made from: a request alone, or a template with what the request has in its place. Immutable.
 *
 * @param document in JSON, with the values of parameters
 * @param description may be empty
 */
record Blueprint(String document, String description, JobConfigs configs, Job.Source source) {
    /** Source: AWS IoT developer guide, "Create custom job templates": substitution patterns of a document. */
    private static final int MAX_PLACEHOLDERS = 10;

    private static final int MAX_DOCUMENT = 32_768;
    private static final String TEMPLATE = "jobTemplateArn";

    /** Reads CreateJob.
     *
     * @param values checks the placeholders
     * @throws Refusal when there is no such template, or the request does not go with it
     */
    static Blueprint of(Snapshot rows, Account account, ObjectNode json, DocumentValues values) throws Refusal {
        String template = JobInput.text(json, TEMPLATE);
        Blueprint made = template.isEmpty()
                ? new Blueprint(JobInput.document(json), "", JobConfigs.NONE, Job.Source.DOCUMENT)
                : ofTemplate(rows, account, json, template);
        if (made.source().documentParameters().isEmpty()
                && json.path("documentParameters").size() > 0) {
            throw Refusal.invalid("documentParameters are for jobs from managed templates");
        }
        String description = JobInput.text(json, "description");
        Blueprint whole = new Blueprint(
                made.document(),
                description.isEmpty() ? made.description() : description,
                JobInput.configs(json, made.configs()),
                made.source());
        whole.checkDocument(values);
        return whole;
    }

    private static Blueprint ofTemplate(Snapshot rows, Account account, ObjectNode json, String arn) throws Refusal {
        ManagedTemplate managed = ManagedTemplates.of(arn, account.region()).orElse(null);
        if (managed != null) {
            Map<String, String> parameters = DocumentParameters.read(json, managed);
            return new Blueprint(
                    JobInput.document(json, DocumentParameters.document(managed, parameters), TEMPLATE),
                    managed.description(),
                    JobConfigs.NONE,
                    new Job.Source("", "", arn, parameters));
        }
        JobTemplate template = JobTemplates.ofArn(rows, account, arn);
        return new Blueprint(
                JobInput.document(json, template.document(), TEMPLATE),
                template.description(),
                template.configs(),
                new Job.Source("", "", arn, Map.of()));
    }

    /** The document of a job as it was before parameters got values. */
    static String beforeSubstitution(Job job, Account account, String document) {
        return ManagedTemplates.of(job.source().jobTemplateArn(), account.region())
                .map(ManagedTemplate::document)
                .orElse(document);
    }

    private void checkDocument(DocumentValues values) throws Refusal {
        if (document.length() > MAX_DOCUMENT) {
            throw Refusal.invalid("document must have at most " + MAX_DOCUMENT + " characters");
        }
        JsonNode read = JobJson.parsed(document);
        List<Placeholder> placeholders = Placeholder.in(read);
        if (placeholders.size() > MAX_PLACEHOLDERS) {
            throw Refusal.invalid("document must have at most " + MAX_PLACEHOLDERS + " placeholders");
        }
        for (Placeholder placeholder : placeholders) {
            if (DocumentValues.KINDS.contains(placeholder.kind())) {
                if (placeholder.isUrl() && !configs.hasRole()) {
                    throw Refusal.invalid("presignedUrlConfig must have a roleArn for the document's placeholder "
                            + placeholder.kind());
                }
                values.check(placeholder);
            }
        }
    }
}
