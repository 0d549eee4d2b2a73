package dev.roundtrip.local.iot.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.PolicyRegistry;
import dev.roundtrip.local.iot.registry.RegisteredPolicy;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.RegistryException;
import java.util.List;
import java.util.Map;

/** Makes, reads, lists, changes and deletes policies and their versions. Thread-safe. */
final class PolicyOperations {
    static final Member POLICY_NAME = Member.path("policyName").length(1, 128).matching("[\\w+=,.@-]+");
    private static final Member DOCUMENT =
            Member.body("policyDocument").length(0, 404_600).mandatory();
    private static final Member VERSION = Member.path("policyVersionId").matching("[0-9]+");

    private final PolicyRegistry policies;
    private final Account account;

    private PolicyOperations(Registry registry) {
        this.policies = new PolicyRegistry(registry);
        this.account = registry.account();
    }

    static List<Operation> of(Registry registry) {
        PolicyOperations operations = new PolicyOperations(registry);
        return List.of(
                Answered.by("CreatePolicy", "POST /policies/{policyName}", on("CreatePolicy"), operations::create)
                        .taking(POLICY_NAME, DOCUMENT, Member.body("tags").as(Member.Kind.LIST)),
                Answered.by("GetPolicy", "GET /policies/{policyName}", on("GetPolicy"), operations::get)
                        .taking(POLICY_NAME),
                Answered.by("ListPolicies", "GET /policies", new Permission("iot:ListPolicies", "*"), operations::list)
                        .taking(
                                CertificateOperations.PAGE_SIZE,
                                CertificateOperations.MARKER,
                                CertificateOperations.ASCENDING),
                Answered.by("DeletePolicy", "DELETE /policies/{policyName}", on("DeletePolicy"), operations::delete)
                        .taking(POLICY_NAME),
                Answered.by(
                                "CreatePolicyVersion",
                                "POST /policies/{policyName}/version",
                                on("CreatePolicyVersion"),
                                operations::createVersion)
                        .taking(
                                POLICY_NAME,
                                DOCUMENT,
                                Member.query("setAsDefault").as(Member.Kind.FLAG)),
                Answered.by(
                                "GetPolicyVersion",
                                "GET /policies/{policyName}/version/{policyVersionId}",
                                on("GetPolicyVersion"),
                                operations::getVersion)
                        .taking(POLICY_NAME, VERSION),
                Answered.by(
                                "ListPolicyVersions",
                                "GET /policies/{policyName}/version",
                                on("ListPolicyVersions"),
                                operations::listVersions)
                        .taking(POLICY_NAME),
                Answered.by(
                                "DeletePolicyVersion",
                                "DELETE /policies/{policyName}/version/{policyVersionId}",
                                on("DeletePolicyVersion"),
                                operations::deleteVersion)
                        .taking(POLICY_NAME, VERSION),
                Answered.by(
                                "SetDefaultPolicyVersion",
                                "PATCH /policies/{policyName}/version/{policyVersionId}",
                                on("SetDefaultPolicyVersion"),
                                operations::setDefault)
                        .taking(POLICY_NAME, VERSION));
    }

    private static Permission on(String operation) {
        return new Permission("iot:" + operation, "policy/{policyName}");
    }

    private HttpReply create(OperationRequest request) throws RegistryException, Refusal {
        Map<String, String> tags = Tags.read(request.json().path("tags"));
        String arn = account.policyArn(name(request));
        RegisteredPolicy made = policies.create(name(request), document(request), rows -> Tags.putNew(rows, arn, tags));
        return RestJson.ok(Answered.object()
                .put("policyName", made.name())
                .put("policyArn", account.policyArn(made.name()))
                .put("policyDocument", made.current().document())
                .put("policyVersionId", "1"));
    }

    private HttpReply get(OperationRequest request) throws RegistryException {
        RegisteredPolicy policy = policies.get(name(request));
        return RestJson.ok(names(policy)
                .put("policyDocument", policy.current().document())
                .put("defaultVersionId", Integer.toString(policy.defaultVersion()))
                .put("creationDate", Answered.seconds(policy.created()))
                .put("lastModifiedDate", Answered.seconds(policy.modified()))
                .put("generationId", policy.generation()));
    }

    private HttpReply list(OperationRequest request) throws RegistryException, Refusal {
        return Answered.list(
                "policies", "nextMarker", policies.list(Answered.page(request, "marker", "pageSize")), this::names);
    }

    private HttpReply delete(OperationRequest request) throws RegistryException {
        policies.delete(name(request));
        return Answered.nothing();
    }

    private HttpReply createVersion(OperationRequest request) throws RegistryException, Refusal {
        boolean asDefault = request.query().flag("setAsDefault");
        RegisteredPolicy policy = policies.addVersion(name(request), document(request), asDefault);
        RegisteredPolicy.Version added = policy.versions().getLast();
        return RestJson.ok(Answered.object()
                .put("policyArn", account.policyArn(policy.name()))
                .put("policyDocument", added.document())
                .put("policyVersionId", Integer.toString(added.number()))
                .put("isDefaultVersion", asDefault));
    }

    private HttpReply getVersion(OperationRequest request) throws RegistryException {
        RegisteredPolicy policy = policies.get(name(request));
        RegisteredPolicy.Version version = PolicyRegistry.version(policy, request.label("policyVersionId"));
        return RestJson.ok(names(policy)
                .put("policyDocument", version.document())
                .put("policyVersionId", Integer.toString(version.number()))
                .put("isDefaultVersion", version.number() == policy.defaultVersion())
                .put("creationDate", Answered.seconds(version.created()))
                .put("lastModifiedDate", Answered.seconds(version.created()))
                .put("generationId", policy.generation()));
    }

    private HttpReply listVersions(OperationRequest request) throws RegistryException {
        RegisteredPolicy policy = policies.get(name(request));
        ObjectNode body = Answered.object();
        for (RegisteredPolicy.Version version : policy.versions()) {
            body.withArray("policyVersions")
                    .addObject()
                    .put("versionId", Integer.toString(version.number()))
                    .put("isDefaultVersion", version.number() == policy.defaultVersion())
                    .put("createDate", Answered.seconds(version.created()));
        }
        return RestJson.ok(body);
    }

    private HttpReply deleteVersion(OperationRequest request) throws RegistryException {
        policies.deleteVersion(name(request), request.label("policyVersionId"));
        return Answered.nothing();
    }

    private HttpReply setDefault(OperationRequest request) throws RegistryException {
        policies.setDefault(name(request), request.label("policyVersionId"));
        return Answered.nothing();
    }

    private ObjectNode names(RegisteredPolicy policy) {
        return Answered.object().put("policyName", policy.name()).put("policyArn", account.policyArn(policy.name()));
    }

    private static String name(OperationRequest request) {
        return request.label("policyName");
    }

    private static String document(OperationRequest request) throws Refusal {
        return request.json().path("policyDocument").asText();
    }
}
