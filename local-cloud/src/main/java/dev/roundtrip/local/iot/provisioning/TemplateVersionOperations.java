package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.provisioning.ProvisioningTemplate.Version;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import java.util.List;

/** Makes, describes, lists and deletes versions of templates. Thread-safe.
 *
 * <p>Source: service model {@code iot-2015-05-28}; Service Authorization Reference, "AWS IoT".
 */
final class TemplateVersionOperations {
    private static final String VERSION = "versionId";
    private static final String IS_DEFAULT = "isDefaultVersion";
    private static final Member VERSION_ID = Member.path(VERSION).number(0, Integer.MAX_VALUE);

    private final Templates templates;

    TemplateVersionOperations(Templates templates) {
        this.templates = templates;
    }

    List<Operation> operations() {
        return List.of(
                TemplateOperations.of(
                                "CreateProvisioningTemplateVersion",
                                "POST /provisioning-templates/{templateName}/versions",
                                this::createVersion)
                        .taking(
                                TemplateOperations.TEMPLATE_NAME,
                                TemplateOperations.TEMPLATE_BODY,
                                Member.query("setAsDefault").as(Member.Kind.FLAG)),
                TemplateOperations.of(
                                "DescribeProvisioningTemplateVersion",
                                "GET /provisioning-templates/{templateName}/versions/{versionId}",
                                this::describeVersion)
                        .taking(TemplateOperations.TEMPLATE_NAME, VERSION_ID),
                TemplateOperations.of(
                                "ListProvisioningTemplateVersions",
                                "GET /provisioning-templates/{templateName}/versions",
                                this::listVersions)
                        .taking(TemplateOperations.TEMPLATE_NAME, TemplateOperations.MAX_RESULTS),
                TemplateOperations.of(
                                "DeleteProvisioningTemplateVersion",
                                "DELETE /provisioning-templates/{templateName}/versions/{versionId}",
                                this::deleteVersion)
                        .taking(TemplateOperations.TEMPLATE_NAME, VERSION_ID));
    }

    private HttpReply createVersion(OperationRequest request) throws Refusal {
        ProvisioningTemplate now = templates.addVersion(
                request.label(TemplateOperations.NAME),
                TemplateOperations.checked(
                        request.json().path(TemplateOperations.BODY).asText()),
                request.query().flag("setAsDefault"));
        int number = now.versions().getLast().number();
        return RestJson.ok(TemplateOperations.names(templates, now)
                .put(VERSION, number)
                .put(IS_DEFAULT, number == now.defaultVersion()));
    }

    private static int number(OperationRequest request) {
        return Integer.parseInt(request.label(VERSION));
    }

    private static ObjectNode summary(ProvisioningTemplate template, Version version) {
        return Answered.object()
                .put(VERSION, version.number())
                .put("creationDate", Answered.seconds(version.created()))
                .put(IS_DEFAULT, version.number() == template.defaultVersion());
    }

    private HttpReply describeVersion(OperationRequest request) throws Refusal {
        ProvisioningTemplate found = templates.get(request.label(TemplateOperations.NAME));
        Version version = Templates.version(found, number(request));
        return RestJson.ok(summary(found, version).put(TemplateOperations.BODY, version.body()));
    }

    private HttpReply listVersions(OperationRequest request) throws Refusal {
        ProvisioningTemplate found = templates.get(request.label(TemplateOperations.NAME));
        Page page = Answered.page(request, "nextToken", "maxResults");
        if (!page.after().matches("[0-9]{0,9}")) {
            throw Refusal.invalid("nextToken is not one that was given");
        }
        int after = page.after().isEmpty() ? 0 : Integer.parseInt(page.after());
        List<Version> rest = found.versions().stream()
                .filter(version -> version.number() > after)
                .toList();
        List<Version> part = rest.subList(0, Math.min(page.most(), rest.size()));
        String next = part.size() == rest.size()
                ? ""
                : Integer.toString(part.getLast().number());
        return Answered.list("versions", "nextToken", new Listed<>(part, next), version -> summary(found, version));
    }

    private HttpReply deleteVersion(OperationRequest request) throws Refusal {
        templates.deleteVersion(request.label(TemplateOperations.NAME), number(request));
        return Answered.nothing();
    }
}
