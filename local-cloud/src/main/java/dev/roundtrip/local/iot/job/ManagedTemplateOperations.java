package dev.roundtrip.local.iot.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import java.util.List;

/** Lists and describes managed templates. Thread-safe. */
final class ManagedTemplateOperations {
    private static final String NAME = "templateName";

    private final Account account;

    ManagedTemplateOperations(Account account) {
        this.account = account;
    }

    List<Operation> operations() {
        return List.of(
                Operation.answered(
                                "ListManagedJobTemplates",
                                "GET /managed-job-templates",
                                new Permission("iot:ListManagedJobTemplates", "*"),
                                this::list)
                        .taking(Member.query(NAME).length(1, 64), JobOperations.RESULTS),
                Operation.answered(
                                "DescribeManagedJobTemplate",
                                "GET /managed-job-templates/{templateName}",
                                new Permission("iot:DescribeManagedJobTemplate", "jobtemplate/{templateName}"),
                                this::describe)
                        .taking(
                                Member.path(NAME).length(1, 64),
                                Member.query("templateVersion").matching("[1-9]+.[0-9]+")));
    }

    private ObjectNode summary(ManagedTemplate template) {
        ObjectNode summary = Answered.object()
                .put("templateArn", template.arn(account.region()))
                .put(NAME, template.name())
                .put("description", template.description())
                .put("templateVersion", ManagedTemplate.VERSION);
        summary.putArray("environments").add("LINUX");
        return summary;
    }

    private static ManagedTemplate existing(String name) throws Refusal {
        return ManagedTemplates.named(name)
                .orElseThrow(() -> new Refusal(
                        ErrorType.RESOURCE_NOT_FOUND, "Managed job template " + name + " cannot be found."));
    }

    private HttpReply list(OperationRequest request) throws Refusal {
        String name = request.query().text(NAME);
        Page page = JobPages.asked(request);
        if (name != null && OpenFacts.NAME_OF_A_MANAGED_TEMPLATE_MUST_BE_KNOWN) {
            var unused = existing(name);
        }
        List<ManagedTemplate> after = ManagedTemplates.all().stream()
                .filter(template -> name == null || template.name().equals(name))
                .filter(template -> template.name().compareTo(page.after()) > 0)
                .toList();
        List<ManagedTemplate> shown = after.stream().limit(page.most()).toList();
        return Answered.list(
                "managedJobTemplates",
                "nextToken",
                new Listed<>(
                        shown, after.size() > shown.size() ? shown.getLast().name() : ""),
                this::summary);
    }

    private HttpReply describe(OperationRequest request) throws Refusal {
        ManagedTemplate template = existing(request.label(NAME));
        String version = request.query().text("templateVersion");
        if (version != null && !version.equals(ManagedTemplate.VERSION)) {
            throw new Refusal(
                    ErrorType.RESOURCE_NOT_FOUND,
                    "Version " + version + " of managed job template " + template.name() + " cannot be found.");
        }
        ObjectNode described = summary(template);
        ArrayNode parameters = described.putArray("documentParameters");
        template.parameters()
                .forEach(parameter -> parameters
                        .addObject()
                        .put("key", parameter.key())
                        .put("description", parameter.description())
                        .put("regex", parameter.regex().pattern())
                        .put("example", parameter.example())
                        .put("optional", parameter.optional()));
        return RestJson.ok(described.put("document", template.document()));
    }
}
