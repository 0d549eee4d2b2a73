package dev.roundtrip.local.iot.control;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Attachment;
import dev.roundtrip.local.iot.registry.Attachments;
import dev.roundtrip.local.iot.registry.Attachments.Attached;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.RegistryException;
import java.util.List;

/** Attaches policies to certificates and certificates to things, detaches and lists them. Thread-safe. */
final class AttachmentOperations {
    private static final String IOT_PRINCIPAL = "x-amzn-iot-principal";
    private static final String PRINCIPAL = "x-amzn-principal";
    private static final String POLICY = "x-amzn-iot-policy";

    /** Our choice: an ARN is no longer. */
    private static final int MAX_ARN = 2_048;

    private static final Member TARGET =
            Member.body("target").length(1, MAX_ARN).matching("\\P{Cntrl}+").mandatory();
    private static final Member OLD_PRINCIPAL =
            Member.header("principal", IOT_PRINCIPAL).length(1, MAX_ARN).mandatory();
    private static final Member THING_PRINCIPAL =
            Member.header("principal", PRINCIPAL).length(1, MAX_ARN).mandatory();
    private static final Member TYPE =
            Member.query("thingPrincipalType").oneOf("EXCLUSIVE_THING", "NON_EXCLUSIVE_THING");
    private static final Member MAX_RESULTS = Member.query("maxResults").number(1, 250);

    private final Attachments attachments;
    private final Account account;

    private AttachmentOperations(Registry registry) {
        this.attachments = new Attachments(registry);
        this.account = registry.account();
    }

    static List<Operation> of(Registry registry) {
        AttachmentOperations operations = new AttachmentOperations(registry);
        return List.of(
                Answered.by(
                                "AttachPolicy",
                                "PUT /target-policies/{policyName}",
                                new Permission("iot:AttachPolicy", "{body.target}"),
                                operations::attachPolicy)
                        .taking(PolicyOperations.POLICY_NAME, TARGET),
                Answered.by(
                                "DetachPolicy",
                                "POST /target-policies/{policyName}",
                                new Permission("iot:DetachPolicy", "{body.target}"),
                                operations::detachPolicy)
                        .taking(PolicyOperations.POLICY_NAME, TARGET),
                Answered.by(
                                "ListAttachedPolicies",
                                "POST /attached-policies/{target}",
                                new Permission("iot:ListAttachedPolicies", "{target}"),
                                operations::policiesOfTarget)
                        .taking(
                                Member.path("target").length(1, MAX_ARN),
                                Member.query("recursive").as(Member.Kind.FLAG),
                                CertificateOperations.PAGE_SIZE,
                                CertificateOperations.MARKER),
                Answered.by(
                                "ListTargetsForPolicy",
                                "POST /policy-targets/{policyName}",
                                new Permission("iot:ListTargetsForPolicy", "policy/{policyName}"),
                                operations::targetsOfPolicy)
                        .taking(
                                PolicyOperations.POLICY_NAME,
                                CertificateOperations.PAGE_SIZE,
                                CertificateOperations.MARKER),
                Answered.by(
                                "AttachPrincipalPolicy",
                                "PUT /principal-policies/{policyName}",
                                new Permission("iot:AttachPrincipalPolicy", "{header." + IOT_PRINCIPAL + "}"),
                                operations::attachPrincipalPolicy)
                        .taking(PolicyOperations.POLICY_NAME, OLD_PRINCIPAL),
                Answered.by(
                                "DetachPrincipalPolicy",
                                "DELETE /principal-policies/{policyName}",
                                new Permission("iot:DetachPrincipalPolicy", "{header." + IOT_PRINCIPAL + "}"),
                                operations::detachPrincipalPolicy)
                        .taking(PolicyOperations.POLICY_NAME, OLD_PRINCIPAL),
                Answered.by(
                                "ListPrincipalPolicies",
                                "GET /principal-policies",
                                new Permission("iot:ListPrincipalPolicies", "{header." + IOT_PRINCIPAL + "}"),
                                operations::policiesOfPrincipal)
                        .taking(
                                OLD_PRINCIPAL,
                                CertificateOperations.PAGE_SIZE,
                                CertificateOperations.MARKER,
                                CertificateOperations.ASCENDING),
                Answered.by(
                                "ListPolicyPrincipals",
                                "GET /policy-principals",
                                withoutResource("ListPolicyPrincipals"),
                                operations::principalsOfPolicy)
                        .taking(
                                Member.header("policyName", POLICY)
                                        .length(1, 128)
                                        .matching("[\\w+=,.@-]+")
                                        .mandatory(),
                                CertificateOperations.PAGE_SIZE,
                                CertificateOperations.MARKER,
                                CertificateOperations.ASCENDING),
                Answered.by(
                                "AttachThingPrincipal",
                                "PUT /things/{thingName}/principals",
                                withoutResource("AttachThingPrincipal"),
                                operations::attachThing)
                        .taking(ThingOperations.THING_NAME, THING_PRINCIPAL, TYPE),
                Answered.by(
                                "DetachThingPrincipal",
                                "DELETE /things/{thingName}/principals",
                                withoutResource("DetachThingPrincipal"),
                                operations::detachThing)
                        .taking(ThingOperations.THING_NAME, THING_PRINCIPAL),
                Answered.by(
                                "ListThingPrincipals",
                                "GET /things/{thingName}/principals",
                                withoutResource("ListThingPrincipals"),
                                operations::principalsOfThing)
                        .taking(ThingOperations.THING_NAME, MAX_RESULTS),
                Answered.by(
                                "ListThingPrincipalsV2",
                                "GET /things/{thingName}/principals-v2",
                                withoutResource("ListThingPrincipalsV2"),
                                operations::principalsOfThingWithType)
                        .taking(ThingOperations.THING_NAME, TYPE, MAX_RESULTS),
                Answered.by(
                                "ListPrincipalThings",
                                "GET /principals/things",
                                withoutResource("ListPrincipalThings"),
                                operations::thingsOfPrincipal)
                        .taking(THING_PRINCIPAL, MAX_RESULTS),
                Answered.by(
                                "ListPrincipalThingsV2",
                                "GET /principals/things-v2",
                                withoutResource("ListPrincipalThingsV2"),
                                operations::thingsOfPrincipalWithType)
                        .taking(THING_PRINCIPAL, TYPE, MAX_RESULTS));
    }

    private static Permission withoutResource(String operation) {
        return new Permission("iot:" + operation, "*");
    }

    private HttpReply attachPolicy(OperationRequest request) throws RegistryException, Refusal {
        attachments.attachPolicy(request.label("policyName"), target(request));
        return Answered.nothing();
    }

    private HttpReply detachPolicy(OperationRequest request) throws RegistryException, Refusal {
        attachments.detachPolicy(request.label("policyName"), target(request));
        return Answered.nothing();
    }

    private HttpReply attachPrincipalPolicy(OperationRequest request) throws RegistryException {
        attachments.attachPolicy(request.label("policyName"), header(request, IOT_PRINCIPAL));
        return Answered.nothing();
    }

    private HttpReply detachPrincipalPolicy(OperationRequest request) throws RegistryException {
        attachments.detachPolicy(request.label("policyName"), header(request, IOT_PRINCIPAL));
        return Answered.nothing();
    }

    private HttpReply policiesOfTarget(OperationRequest request) throws RegistryException, Refusal {
        Page page = Answered.page(request, "marker", "pageSize");
        return policies(
                request.query().flag("recursive")
                        ? attachments.policiesFromAbove(request.label("target"), page)
                        : attachments.policies(request.label("target"), page));
    }

    private HttpReply policiesOfPrincipal(OperationRequest request) throws RegistryException, Refusal {
        return policies(
                attachments.policies(header(request, IOT_PRINCIPAL), Answered.page(request, "marker", "pageSize")));
    }

    private HttpReply policies(Listed<String> names) {
        return Answered.list(
                "policies",
                "nextMarker",
                names,
                name -> Answered.object().put("policyName", name).put("policyArn", account.policyArn(name)));
    }

    private HttpReply targetsOfPolicy(OperationRequest request) throws RegistryException, Refusal {
        return targets(request, request.label("policyName"), "targets");
    }

    private HttpReply principalsOfPolicy(OperationRequest request) throws RegistryException, Refusal {
        return targets(request, header(request, POLICY), "principals");
    }

    private HttpReply targets(OperationRequest request, String policy, String list) throws RegistryException, Refusal {
        return Answered.list(
                list,
                "nextMarker",
                attachments.targets(policy, Answered.page(request, "marker", "pageSize")),
                TextNode::valueOf);
    }

    private HttpReply attachThing(OperationRequest request) throws RegistryException {
        String type = request.query().text("thingPrincipalType");
        attachments.attachThing(
                request.label("thingName"),
                header(request, PRINCIPAL),
                type == null ? Attachment.NON_EXCLUSIVE_THING : Attachment.valueOf(type));
        return Answered.nothing();
    }

    private HttpReply detachThing(OperationRequest request) throws RegistryException {
        attachments.detachThing(request.label("thingName"), header(request, PRINCIPAL));
        return Answered.nothing();
    }

    private HttpReply principalsOfThing(OperationRequest request) throws RegistryException, Refusal {
        return Answered.list(
                "principals", "nextToken", principals(request), attached -> TextNode.valueOf(attached.name()));
    }

    private HttpReply principalsOfThingWithType(OperationRequest request) throws RegistryException, Refusal {
        return Answered.list(
                "thingPrincipalObjects",
                "nextToken",
                ofType(request, principals(request)),
                attached -> Answered.object()
                        .put("principal", attached.name())
                        .put("thingPrincipalType", attached.attachment().name()));
    }

    private HttpReply thingsOfPrincipal(OperationRequest request) throws RegistryException, Refusal {
        return Answered.list("things", "nextToken", things(request), attached -> TextNode.valueOf(attached.name()));
    }

    private HttpReply thingsOfPrincipalWithType(OperationRequest request) throws RegistryException, Refusal {
        return Answered.list(
                "principalThingObjects",
                "nextToken",
                ofType(request, things(request)),
                attached -> Answered.object()
                        .put("thingName", attached.name())
                        .put("thingPrincipalType", attached.attachment().name()));
    }

    private Listed<Attached> principals(OperationRequest request) throws RegistryException, Refusal {
        return attachments.principals(request.label("thingName"), Answered.page(request, "nextToken", "maxResults"));
    }

    private Listed<Attached> things(OperationRequest request) throws RegistryException, Refusal {
        return attachments.things(header(request, PRINCIPAL), Answered.page(request, "nextToken", "maxResults"));
    }

    /** Those of the type that is asked for; a page may be shorter then. */
    private static Listed<Attached> ofType(OperationRequest request, Listed<Attached> all) {
        String type = request.query().text("thingPrincipalType");
        return new Listed<>(
                all.entries().stream()
                        .filter(attached ->
                                type == null || attached.attachment().name().equals(type))
                        .toList(),
                all.next());
    }

    private static String target(OperationRequest request) throws Refusal {
        return request.json().path("target").asText();
    }

    /** A header that the table demands. */
    private static String header(OperationRequest request, String name) {
        return request.header(name).orElseThrow();
    }
}
