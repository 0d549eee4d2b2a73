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
import dev.roundtrip.local.iot.registry.Registry.Page;
import java.time.InstantSource;
import java.util.List;

/** Makes, describes, lists, changes and deletes templates. Thread-safe.
 *
 * <p>Source: service model {@code iot-2015-05-28}; Service Authorization Reference, "AWS IoT".
 */
final class TemplateOperations {
    static final String NAME = "templateName";
    private static final String DESCRIPTION = "description";
    static final String BODY = "templateBody";
    private static final String ENABLED = "enabled";
    private static final String ROLE = "provisioningRoleArn";
    private static final String HOOK = "preProvisioningHook";
    private static final String DEFAULT = "defaultVersionId";
    private static final String FLEET = "FLEET_PROVISIONING";
    private static final String JUST_IN_TIME = "JITP";
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
    static final Member MAX_RESULTS = Member.query("maxResults").number(1, Answered.MAX_PAGE);

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
                                Member.body("type").oneOf(FLEET, JUST_IN_TIME)),
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
                        .taking(MAX_RESULTS));
    }

    static Operation of(String name, String route, Operation.Answer answer) {
        return Operation.answered(name, route, new Permission("iot:" + name, TEMPLATE), answer);
    }

    private static void refuseHook(ObjectNode body) throws Refusal {
        if (body.hasNonNull(HOOK)) {
            throw Refusal.invalid(HOOK + " is not supported: the local cloud has no AWS Lambda functions to ask");
        }
    }

    /** Demands that a body is a template for fleets. */
    static String checked(String body) throws Refusal {
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
        if (body.path("type").asText().equals(JUST_IN_TIME)) {
            throw Refusal.invalid("the type " + JUST_IN_TIME + " is not supported: the local cloud registers no"
                    + " certificate authorities, so that no device could be provisioned with the template");
        }
        ProvisioningTemplate made = ProvisioningTemplate.of(
                body.path(NAME).asText(),
                new Properties(
                        body.path(DESCRIPTION).asText(""),
                        body.path(ENABLED).asBoolean(OpenFacts.ENABLED_AT_FIRST),
                        body.path(ROLE).asText()),
                checked(body.path(BODY).asText()),
                clock.instant());
        templates.create(made, Tags.read(body.path("tags")));
        return RestJson.ok(names(templates, made).put(DEFAULT, made.defaultVersion()));
    }

    static ObjectNode names(Templates templates, ProvisioningTemplate template) {
        return Answered.object()
                .put("templateArn", templates.arn(template.name()))
                .put(NAME, template.name());
    }

    private ObjectNode summary(ProvisioningTemplate template) {
        ObjectNode node = names(templates, template)
                .put("creationDate", Answered.seconds(template.created()))
                .put("lastModifiedDate", Answered.seconds(template.modified()))
                .put(ENABLED, template.properties().enabled())
                .put("type", FLEET);
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
}
