package dev.roundtrip.local.iot.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import dev.roundtrip.local.iot.registry.RegisteredThingType;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.RegistryException;
import dev.roundtrip.local.iot.registry.ThingTypeRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes, describes, lists, deprecates and deletes thing types. Thread-safe. */
final class ThingTypeOperations {
    private static final String NAME = "[a-zA-Z0-9:_-]+";
    private static final Member TYPE =
            Member.path("thingTypeName").length(1, 128).matching(NAME);

    /** Source: {@code ThingTypeDescription} of service model {@code iot-2015-05-28}. */
    private static final Pattern DESCRIPTION = Pattern.compile("[\\p{Graph}\\x20]{0,2028}");

    /** Source: {@code AttributeName} of the same. */
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-zA-Z0-9_.,@/:#-]{1,128}");

    /** Source: AWS IoT Core quotas, "Maximum number of searchable attributes for a thing type". */
    private static final int MAX_SEARCHABLE = 3;

    private final ThingTypeRegistry types;
    private final Account account;
    private final InstantSource clock;

    private ThingTypeOperations(Registry registry, InstantSource clock) {
        this.types = new ThingTypeRegistry(registry);
        this.account = registry.account();
        this.clock = clock;
    }

    static List<Operation> of(Registry registry, InstantSource clock) {
        ThingTypeOperations operations = new ThingTypeOperations(registry, clock);
        return List.of(
                Answered.by(
                                "CreateThingType",
                                "POST /thing-types/{thingTypeName}",
                                on("CreateThingType"),
                                operations::create)
                        .taking(
                                TYPE,
                                Member.body("thingTypeProperties").as(Member.Kind.OBJECT),
                                Member.body("tags").as(Member.Kind.LIST)),
                Answered.by(
                                "DescribeThingType",
                                "GET /thing-types/{thingTypeName}",
                                on("DescribeThingType"),
                                operations::describe)
                        .taking(TYPE),
                Answered.by(
                                "ListThingTypes",
                                "GET /thing-types",
                                new Permission("iot:ListThingTypes", "*"),
                                operations::list)
                        .taking(
                                Member.query("thingTypeName").length(1, 128).matching(NAME),
                                Member.query("maxResults").number(1, Answered.MAX_PAGE)),
                Answered.by(
                                "DeprecateThingType",
                                "POST /thing-types/{thingTypeName}/deprecate",
                                on("DeprecateThingType"),
                                operations::deprecate)
                        .taking(TYPE, Member.body("undoDeprecate").as(Member.Kind.FLAG)),
                Answered.by(
                                "DeleteThingType",
                                "DELETE /thing-types/{thingTypeName}",
                                on("DeleteThingType"),
                                operations::delete)
                        .taking(TYPE));
    }

    private static Permission on(String operation) {
        return new Permission("iot:" + operation, "thingtype/{thingTypeName}");
    }

    private HttpReply create(OperationRequest request) throws RegistryException, Refusal {
        JsonNode properties = request.json().path("thingTypeProperties");
        String description = properties.path("thingTypeDescription").asText("");
        if (!DESCRIPTION.matcher(description).matches()) {
            throw Refusal.invalid("thingTypeDescription must match " + DESCRIPTION);
        }
        Map<String, String> tags = Tags.read(request.json().path("tags"));
        String arn = account.thingTypeArn(name(request));
        RegisteredThingType made = types.create(
                RegisteredThingType.of(name(request), description, searchable(properties), clock.instant()),
                rows -> Tags.putNew(rows, arn, tags));
        return RestJson.ok(names(made).put("thingTypeId", made.id()));
    }

    private static List<String> searchable(JsonNode properties) throws Refusal {
        JsonNode given = properties.path("searchableAttributes");
        List<String> names = new ArrayList<>();
        for (JsonNode name : given) {
            if (!name.isTextual() || !ATTRIBUTE.matcher(name.textValue()).matches()) {
                throw Refusal.invalid("searchableAttributes must be a list of names that match " + ATTRIBUTE);
            }
            names.add(name.textValue());
        }
        if (names.size() > MAX_SEARCHABLE) {
            throw Refusal.invalid("a thing type has at most " + MAX_SEARCHABLE + " searchable attributes");
        }
        return names;
    }

    private HttpReply describe(OperationRequest request) throws RegistryException {
        RegisteredThingType type = types.get(name(request));
        return RestJson.ok(described(type).put("thingTypeId", type.id()));
    }

    private HttpReply list(OperationRequest request) throws RegistryException, Refusal {
        return Answered.list(
                "thingTypes",
                "nextToken",
                types.list(request.query().text("thingTypeName"), Answered.page(request, "nextToken", "maxResults")),
                this::described);
    }

    private HttpReply deprecate(OperationRequest request) throws RegistryException, Refusal {
        if (Answered.flag(request, "undoDeprecate")) {
            types.undoDeprecation(name(request));
        } else {
            types.deprecate(name(request));
        }
        return Answered.nothing();
    }

    private HttpReply delete(OperationRequest request) throws RegistryException {
        types.delete(name(request));
        return Answered.nothing();
    }

    private ObjectNode described(RegisteredThingType type) {
        ObjectNode body = names(type);
        ObjectNode properties = body.putObject("thingTypeProperties");
        if (!type.description().isEmpty()) {
            properties.put("thingTypeDescription", type.description());
        }
        ArrayNode searchable = properties.putArray("searchableAttributes");
        type.searchable().forEach(searchable::add);
        ObjectNode metadata = body.putObject("thingTypeMetadata").put("deprecated", type.deprecated() != null);
        if (type.deprecated() != null) {
            metadata.put("deprecationDate", Answered.seconds(type.deprecated()));
        }
        metadata.put("creationDate", Answered.seconds(type.created()));
        return body;
    }

    private ObjectNode names(RegisteredThingType type) {
        return Answered.object()
                .put("thingTypeName", type.name())
                .put("thingTypeArn", account.thingTypeArn(type.name()));
    }

    private static String name(OperationRequest request) {
        return request.label("thingTypeName");
    }
}
