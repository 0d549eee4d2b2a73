package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.provisioning.ProvisioningTemplate.Properties;
import dev.roundtrip.local.iot.provisioning.ProvisioningTemplate.Version;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import java.time.InstantSource;
import java.util.List;

/** Makes, describes, lists, changes and deletes templates and their versions. Thread-safe.
 *
 * <p>Source: service model {@code iot-2015-05-28}; Service Authorization Reference, "AWS IoT".
 */
final class TemplateOperations {
    private static final String NAME = "templateName";
    private static final String DESCRIPTION = "description";
    private static final String BODY = "templateBody";
    private static final String ENABLED = "enabled";
    private static final String ROLE = "provisioningRoleArn";
    private static final String HOOK = "preProvisioningHook";
    private static final String DEFAULT = "defaultVersionId";
    private static final String VERSION = "versionId";
    private static final String IS_DEFAULT = "isDefaultVersion";
    private static final String TEMPLATE = "provisioningtemplate/{templateName}";
    private static final String TEXT = "\\P{C}*";
    private static final String NAME_FORM = "[0-9A-Za-z_-]+";

    static final Member TEMPLATE_NAME = Member.path(NAME).length(1, 36).matching(NAME_FORM);
    static final Member TEMPLATE_BODY = Member.body(BODY).length(0, 10_240).mandatory();

    /** The form alone: the local cloud has no roles. */
    private static final Member ROLE_ARN =
            Member.body(ROLE).length(20, 2_048).matching("arn:aws[a-z-]*:iam::[0-9]{12}:role/[\\w+=,.@/-]+");

    private static final Member DESCRIBED =
            Member.body(DESCRIPTION).length(0, 500).matching(TEXT);
    private static final Member USABLE = Member.body(ENABLED).as(Member.Kind.FLAG);
    private static final Member HOOKED = Member.body(HOOK).as(Member.Kind.OBJECT);
    private static final Member MAX_RESULTS = Member.query("maxResults").number(1, Answered.MAX_PAGE);
    private static final Member VERSION_ID = Member.path(VERSION).number(0, Integer.MAX_VALUE);

    private final Templates templates;
    private final InstantSource clock;

    TemplateOperations(Templates templates, InstantSource clock) {
        this.templates = templates;
        this.clock = clock;
    }

    List<Operation> operations() {
        return List.of(
                Operation.answered(
                                "CreateProvisioningTemplate",
                                "POST /provisioning-templates",
                                new Permission(
                                        "iot:CreateProvisioningTemplate", "provisioningtemplate/{body.templateName}"),
                                this::create)
                        .taking(
                                Member.body(NAME)
                                        .length(1, 36)
                                        .matching(NAME_FORM)
                                        .mandatory(),
                                DESCRIBED,
                                TEMPLATE_BODY,
                                USABLE,
                                ROLE_ARN.mandatory(),
                                HOOKED,
                                Member.body("tags").as(Member.Kind.LIST),
                                Member.body("type").oneOf("FLEET_PROVISIONING", "JITP")),
                of("DescribeProvisioningTemplate", "GET /provisioning-templates/{templateName}", this::describe)
                        .taking(TEMPLATE_NAME),
                of("UpdateProvisioningTemplate", "PATCH /provisioning-templates/{templateName}", this::update)
                        .taking(
                                TEMPLATE_NAME,
                                DESCRIBED,
                                USABLE,
                                Member.body(DEFAULT).number(Integer.MIN_VALUE, Integer.MAX_VALUE),
                                ROLE_ARN,
                                HOOKED,
                                Member.body("removePreProvisioningHook").as(Member.Kind.FLAG)),
                of("DeleteProvisioningTemplate", "DELETE /provisioning-templates/{templateName}", this::delete)
                        .taking(TEMPLATE_NAME),
                Operation.answered(
                                "ListProvisioningTemplates",
                                "GET /provisioning-templates",
                                new Permission("iot:ListProvisioningTemplates", "*"),
                                this::list)
                        .taking(MAX_RESULTS),
                of(
                                "CreateProvisioningTemplateVersion",
                                "POST /provisioning-templates/{templateName}/versions",
                                this::createVersion)
                        .taking(
                                TEMPLATE_NAME,
                                TEMPLATE_BODY,
                                Member.query("setAsDefault").as(Member.Kind.FLAG)),
                of(
                                "DescribeProvisioningTemplateVersion",
                                "GET /provisioning-templates/{templateName}/versions/{versionId}",
                                this::describeVersion)
                        .taking(TEMPLATE_NAME, VERSION_ID),
                of(
                                "ListProvisioningTemplateVersions",
                                "GET /provisioning-templates/{templateName}/versions",
                                this::listVersions)
                        .taking(TEMPLATE_NAME, MAX_RESULTS),
                of(
                                "DeleteProvisioningTemplateVersion",
                                "DELETE /provisioning-templates/{templateName}/versions/{versionId}",
                                this::deleteVersion)
                        .taking(TEMPLATE_NAME, VERSION_ID));
    }

    private static Operation of(String name, String route, Operation.Answer answer) {
        return Operation.answered(name, route, new Permission("iot:" + name, TEMPLATE), answer);
    }

    private static void refuseHook(ObjectNode body) throws Refusal {
        if (body.hasNonNull(HOOK)) {
            throw Refusal.invalid(HOOK + " is not supported: the local cloud has no AWS Lambda functions to ask");
        }
    }

    /** Demands that a body is a template for fleets. */
    private static String checked(String body) throws Refusal {
        try {
            var unused = TemplateReader.read(body, TemplateReader.Use.FLEET);
            return body;
        } catch (ProvisioningRefusal wrong) {
            throw Refusal.invalid(BODY + ": " + wrong.getMessage());
        }
    }

    private HttpReply create(OperationRequest request) throws Refusal {
        ObjectNode body = request.json();
        refuseHook(body);
        ProvisioningTemplate made = ProvisioningTemplate.of(
                body.path(NAME).asText(),
                ProvisioningTemplate.Type.valueOf(
                        body.path("type").asText(ProvisioningTemplate.Type.FLEET_PROVISIONING.name())),
                new Properties(
                        body.path(DESCRIPTION).asText(""),
                        body.path(ENABLED).asBoolean(OpenFacts.ENABLED_AT_FIRST),
                        body.path(ROLE).asText()),
                checked(body.path(BODY).asText()),
                clock.instant());
        templates.create(made, Tags.read(body.path("tags")));
        return RestJson.ok(names(made).put(DEFAULT, made.defaultVersion()));
    }

    private ObjectNode names(ProvisioningTemplate template) {
        return Answered.object()
                .put("templateArn", templates.arn(template.name()))
                .put(NAME, template.name());
    }

    private ObjectNode summary(ProvisioningTemplate template) {
        ObjectNode node = names(template)
                .put("creationDate", Answered.seconds(template.created()))
                .put("lastModifiedDate", Answered.seconds(template.modified()))
                .put(ENABLED, template.properties().enabled())
                .put("type", template.type().name());
        if (!template.properties().description().isEmpty()) {
            node.put(DESCRIPTION, template.properties().description());
        }
        return node;
    }

    private HttpReply describe(OperationRequest request) throws Refusal {
        ProvisioningTemplate found = templates.get(request.label(NAME));
        return RestJson.ok(summary(found)
                .put(DEFAULT, found.defaultVersion())
                .put(BODY, found.current().body())
                .put(ROLE, found.properties().roleArn()));
    }

    private HttpReply update(OperationRequest request) throws Refusal {
        ObjectNode body = request.json();
        refuseHook(body);
        JsonNode enabled = body.path(ENABLED);
        JsonNode version = body.path(DEFAULT);
        templates.update(
                request.label(NAME),
                new Templates.Update(
                        body.path(DESCRIPTION).textValue(),
                        enabled.isBoolean() ? enabled.booleanValue() : null,
                        body.path(ROLE).textValue(),
                        version.isIntegralNumber() ? version.intValue() : null));
        return Answered.nothing();
    }

    private HttpReply delete(OperationRequest request) throws Refusal {
        templates.delete(request.label(NAME));
        return Answered.nothing();
    }

    private HttpReply list(OperationRequest request) throws Refusal {
        Page page = Answered.page(request, "nextToken", "maxResults");
        return Answered.list("templates", "nextToken", templates.list(page), this::summary);
    }

    private HttpReply createVersion(OperationRequest request) throws Refusal {
        ProvisioningTemplate now = templates.addVersion(
                request.label(NAME),
                checked(request.json().path(BODY).asText()),
                request.query().flag("setAsDefault"));
        int number = now.versions().getLast().number();
        return RestJson.ok(names(now).put(VERSION, number).put(IS_DEFAULT, number == now.defaultVersion()));
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
        ProvisioningTemplate found = templates.get(request.label(NAME));
        Version version = Templates.version(found, number(request));
        return RestJson.ok(summary(found, version).put(BODY, version.body()));
    }

    private HttpReply listVersions(OperationRequest request) throws Refusal {
        ProvisioningTemplate found = templates.get(request.label(NAME));
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
        templates.deleteVersion(request.label(NAME), number(request));
        return Answered.nothing();
    }
}
