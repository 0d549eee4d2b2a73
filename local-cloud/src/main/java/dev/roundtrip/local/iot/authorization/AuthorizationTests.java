package dev.roundtrip.local.iot.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.Decision;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.authorization.KnownPrincipals.Known;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** TestAuthorization. Thread-safe. */
public final class AuthorizationTests {
    /** Source: {@code AuthInfos} of service model {@code iot-2015-05-28}. */
    private static final int MAX_QUESTIONS = 10;

    /** Our choice: AWS's model has no bound. */
    private static final int MAX_RESOURCES = 100;

    private static final int MAX_RESOURCE = 2048;

    /** Our choice, as a principal has at most 10 policies. */
    private static final int MAX_POLICIES = 20;

    private static final Map<String, String> ACTIONS = Map.of(
            "CONNECT", "iot:Connect",
            "PUBLISH", "iot:Publish",
            "RECEIVE", "iot:Receive",
            "SUBSCRIBE", "iot:Subscribe");

    private final KnownPrincipals principals;

    public AuthorizationTests(KnownPrincipals principals) {
        this.principals = principals;
    }

    /** The operation. */
    public List<Operation> operations() {
        return List.of(Operation.answered(
                        "TestAuthorization",
                        "POST /test-authorization",
                        new Permission("iot:TestAuthorization", "*"),
                        this::test)
                .taking(
                        Member.body("principal"),
                        Member.body("authInfos").as(Member.Kind.LIST).mandatory(),
                        Member.body("policyNamesToAdd").as(Member.Kind.LIST),
                        Member.body("policyNamesToSkip").as(Member.Kind.LIST)));
    }

    /** What is asked for, of one action. */
    private record Question(String actionType, List<String> resources) {}

    private HttpReply test(OperationRequest request) throws Refusal {
        List<Question> questions = questions(request.json().path("authInfos"));
        String clientId = request.query().text("clientId");
        Known known = principal(request, clientId == null ? "" : clientId);
        List<String> skipped = names(request.json().path("policyNamesToSkip"));
        List<NamedPolicy> policies = new ArrayList<>();
        known.policies().stream()
                .filter(policy -> !skipped.contains(policy.name()))
                .forEach(policies::add);
        for (String name : names(request.json().path("policyNamesToAdd"))) {
            policies.add(principals
                    .policy(name)
                    .orElseThrow(
                            () -> new Refusal(ErrorType.RESOURCE_NOT_FOUND, "Policy " + name + " cannot be found.")));
        }
        ObjectNode answer = RestJson.MAPPER.createObjectNode();
        ArrayNode results = answer.putArray("authResults");
        questions.forEach(question -> results.add(result(question, policies, known.context())));
        return RestJson.ok(answer);
    }

    private Known principal(OperationRequest request, String clientId) throws Refusal {
        JsonNode principal = request.json().path("principal");
        if (!request.json().path("cognitoIdentityPoolId").isMissingNode()) {
            throw Refusal.invalid("the local cloud has no Amazon Cognito identity pools");
        }
        if (!principal.isTextual()) {
            PolicyContext context = PolicyContext.empty();
            return new Known(List.of(), clientId.isEmpty() ? context : context.with("iot:ClientId", clientId));
        }
        return principals
                .find(principal.textValue(), clientId)
                .orElseThrow(() ->
                        new Refusal(ErrorType.RESOURCE_NOT_FOUND, "the principal is no certificate of this account"));
    }

    private static List<Question> questions(JsonNode list) throws Refusal {
        if (list.isEmpty() || list.size() > MAX_QUESTIONS) {
            throw Refusal.invalid("authInfos has 1 to " + MAX_QUESTIONS + " entries");
        }
        List<Question> questions = new ArrayList<>();
        for (JsonNode entry : list) {
            String actionType = entry.path("actionType").asText();
            JsonNode resources = entry.path("resources");
            if (!ACTIONS.containsKey(actionType)) {
                throw Refusal.invalid("actionType must be one of CONNECT, PUBLISH, RECEIVE, SUBSCRIBE");
            }
            if (!resources.isArray() || resources.isEmpty() || resources.size() > MAX_RESOURCES) {
                throw Refusal.invalid("resources has 1 to " + MAX_RESOURCES + " entries");
            }
            List<String> names = new ArrayList<>();
            for (JsonNode resource : resources) {
                if (!resource.isTextual() || resource.textValue().length() > MAX_RESOURCE) {
                    throw Refusal.invalid("a resource is a string of at most " + MAX_RESOURCE + " characters");
                }
                names.add(resource.textValue());
            }
            questions.add(new Question(actionType, names));
        }
        return questions;
    }

    private static List<String> names(JsonNode list) throws Refusal {
        if (list.size() > MAX_POLICIES) {
            throw Refusal.invalid("at most " + MAX_POLICIES + " policies can be named");
        }
        List<String> names = new ArrayList<>();
        for (JsonNode name : list) {
            if (!name.isTextual()) {
                throw Refusal.invalid("the name of a policy must be a string");
            }
            names.add(name.textValue());
        }
        return names;
    }

    /** All resources must be allowed; one that a statement denies decides. */
    private static ObjectNode result(Question question, List<NamedPolicy> policies, PolicyContext context) {
        String action = ACTIONS.getOrDefault(question.actionType(), "");
        BoundPolicies all =
                BoundPolicies.of(policies.stream().map(NamedPolicy::document).toList(), context);
        List<Decision> decisions = question.resources().stream()
                .map(resource -> all.decide(action, resource))
                .toList();
        ObjectNode result = RestJson.MAPPER.createObjectNode();
        ObjectNode info = result.putObject("authInfo").put("actionType", question.actionType());
        ArrayNode resources = info.putArray("resources");
        question.resources().forEach(resources::add);
        ArrayNode allowing = result.putObject("allowed").putArray("policies");
        ObjectNode denied = result.putObject("denied");
        ArrayNode silent = denied.putObject("implicitDeny").putArray("policies");
        ArrayNode denying = denied.putObject("explicitDeny").putArray("policies");
        for (NamedPolicy policy : policies) {
            BoundPolicies alone = BoundPolicies.of(List.of(policy.document()), context);
            ArrayNode list = switch (worst(question.resources().stream()
                    .map(resource -> alone.decide(action, resource))
                    .toList())) {
                case ALLOWED -> allowing;
                case IMPLICITLY_DENIED -> silent;
                case EXPLICITLY_DENIED -> denying;
            };
            list.addObject().put("policyName", policy.name()).put("policyArn", policy.arn());
        }
        result.put(
                "authDecision",
                switch (worst(decisions)) {
                    case ALLOWED -> "ALLOWED";
                    case IMPLICITLY_DENIED -> "IMPLICIT_DENY";
                    case EXPLICITLY_DENIED -> "EXPLICIT_DENY";
                });
        ArrayNode missing = result.putArray("missingContextValues");
        policies.stream()
                .flatMap(policy -> policy.document().missing(action, context).stream())
                .distinct()
                .sorted()
                .forEach(missing::add);
        return result;
    }

    private static Decision worst(List<Decision> decisions) {
        if (decisions.contains(Decision.EXPLICITLY_DENIED)) {
            return Decision.EXPLICITLY_DENIED;
        }
        return decisions.contains(Decision.IMPLICITLY_DENIED) ? Decision.IMPLICITLY_DENIED : Decision.ALLOWED;
    }
}
