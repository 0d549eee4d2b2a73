package dev.roundtrip.local.iot.shadow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.PageToken;
import dev.roundtrip.local.http.operation.Refusal;
import java.util.List;

/** Shadows over HTTP, as a part of the data plane. Thread-safe. */
public final class ShadowOperations {
    private static final int MAX_PAGE_SIZE = 100;
    private static final String THING = "thingName";
    private static final String NAME = "name";

    /** The path, and the name of a named shadow behind it. */
    private static final String RESOURCE = "thing/{thingName}{/query.name}";

    private final Shadows shadows;

    private ShadowOperations(Shadows shadows) {
        this.shadows = shadows;
    }

    /** The operations on shadows. */
    public static List<Operation> of(Shadows shadows) {
        ShadowOperations operations = new ShadowOperations(shadows);
        return List.of(
                Operation.answered(
                        "GetThingShadow",
                        "GET /things/{thingName}/shadow",
                        new Permission("iot:GetThingShadow", RESOURCE),
                        operations::get),
                Operation.answered(
                        "UpdateThingShadow",
                        "POST /things/{thingName}/shadow",
                        new Permission("iot:UpdateThingShadow", RESOURCE),
                        operations::update),
                Operation.answered(
                        "DeleteThingShadow",
                        "DELETE /things/{thingName}/shadow",
                        new Permission("iot:DeleteThingShadow", RESOURCE),
                        operations::delete),
                Operation.answered(
                        "ListNamedShadowsForThing",
                        "GET /api/things/shadow/ListNamedShadowsForThing/{thingName}",
                        new Permission("iot:ListNamedShadowsForThing", "thing/{thingName}"),
                        operations::list));
    }

    private static ShadowName name(OperationRequest request) throws Refusal {
        String shadow = request.query().text(NAME);
        return shadow == null
                ? ShadowName.classic(request.label(THING))
                : ShadowName.named(request.label(THING), shadow);
    }

    private HttpReply get(OperationRequest request) throws Refusal {
        return RestJson.ok(shadows.get(name(request), ShadowRequest.orEmpty(request.body())));
    }

    private HttpReply update(OperationRequest request) throws Refusal {
        return RestJson.ok(shadows.update(name(request), ShadowRequest.read(request.body())));
    }

    private HttpReply delete(OperationRequest request) throws Refusal {
        return RestJson.ok(shadows.delete(name(request), ShadowRequest.orEmpty(request.body())));
    }

    private HttpReply list(OperationRequest request) throws Refusal {
        String thing = ShadowName.classic(request.label(THING)).thing();
        int size = request.query().number("pageSize", PageToken.DEFAULT_SIZE, 1, MAX_PAGE_SIZE);
        String after = PageToken.name(request.query().text("nextToken"));
        if (!after.isEmpty()) {
            var unused = ShadowName.named(thing, after);
        }
        List<String> names = shadows.names(thing, after, size + 1);
        ObjectNode page = RestJson.MAPPER.createObjectNode();
        ArrayNode results = page.putArray("results");
        names.stream().limit(size).forEach(results::add);
        if (names.size() > size) {
            page.put("nextToken", PageToken.after(names.get(size - 1)));
        }
        return RestJson.ok(page.put("timestamp", shadows.second()));
    }
}
