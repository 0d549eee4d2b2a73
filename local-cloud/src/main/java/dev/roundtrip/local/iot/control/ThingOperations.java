package dev.roundtrip.local.iot.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.RegisteredThing;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.RegistryException;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes, describes, lists, changes and deletes things. Thread-safe. */
final class ThingOperations {
    static final Member THING_NAME = Member.path("thingName").length(1, 128).matching("[a-zA-Z0-9:_-]+");

    private static final Member TYPE_NAME =
            Member.body("thingTypeName").length(1, 128).matching("[a-zA-Z0-9:_-]+");
    private static final Member ATTRIBUTES = Member.body("attributePayload").as(Member.Kind.OBJECT);
    private static final String ATTRIBUTE_NAME = "[a-zA-Z0-9_.,@/:#-]+";
    private static final String ATTRIBUTE_VALUE = "[a-zA-Z0-9_.,@/:#=\\[\\]-]*";
    private static final int MAX_ATTRIBUTE_NAME = 128;
    private static final int MAX_ATTRIBUTE_VALUE = 800;
    private static final Pattern NAME = Pattern.compile(ATTRIBUTE_NAME);
    private static final Pattern VALUE = Pattern.compile(ATTRIBUTE_VALUE);

    private final ThingRegistry things;
    private final Account account;

    private ThingOperations(Registry registry) {
        this.things = new ThingRegistry(registry);
        this.account = registry.account();
    }

    static List<Operation> of(Registry registry) {
        ThingOperations operations = new ThingOperations(registry);
        return List.of(
                Answered.by("CreateThing", "POST /things/{thingName}", on("CreateThing"), operations::create)
                        .taking(
                                THING_NAME,
                                TYPE_NAME,
                                ATTRIBUTES,
                                Member.body("billingGroupName").length(1, 128).matching("[a-zA-Z0-9:_-]+")),
                Answered.by("DescribeThing", "GET /things/{thingName}", on("DescribeThing"), operations::describe)
                        .taking(THING_NAME),
                Answered.by("ListThings", "GET /things", new Permission("iot:ListThings", "*"), operations::list)
                        .taking(
                                Member.query("attributeName").length(0, 128).matching(ATTRIBUTE_NAME),
                                Member.query("attributeValue").length(0, 800).matching(ATTRIBUTE_VALUE),
                                Member.query("thingTypeName").length(1, 128).matching("[a-zA-Z0-9:_-]+"),
                                Member.query("usePrefixAttributeValue").as(Member.Kind.FLAG),
                                Member.query("maxResults").number(1, 250)),
                Answered.by("UpdateThing", "PATCH /things/{thingName}", on("UpdateThing"), operations::update)
                        .taking(
                                THING_NAME,
                                TYPE_NAME,
                                ATTRIBUTES,
                                Member.body("expectedVersion").number(Long.MIN_VALUE, Long.MAX_VALUE),
                                Member.body("removeThingType").as(Member.Kind.FLAG)),
                Answered.by("DeleteThing", "DELETE /things/{thingName}", on("DeleteThing"), operations::delete)
                        .taking(THING_NAME, Member.query("expectedVersion").number(Long.MIN_VALUE, Long.MAX_VALUE)));
    }

    private static Permission on(String operation) {
        return new Permission("iot:" + operation, "thing/{thingName}");
    }

    private HttpReply create(OperationRequest request) throws RegistryException, Refusal {
        if (Answered.text(request, "billingGroupName") != null) {
            throw Refusal.invalid("the local cloud has no billing groups");
        }
        String type = Answered.text(request, "thingTypeName");
        Map<String, String> attributes = attributes(request);
        RegisteredThing thing = things.create(
                request.label("thingName"), type == null ? "" : type, attributes == null ? Map.of() : attributes);
        return RestJson.ok(Answered.object()
                .put("thingName", thing.name())
                .put("thingArn", account.thingArn(thing.name()))
                .put("thingId", thing.id()));
    }

    private HttpReply describe(OperationRequest request) throws RegistryException {
        RegisteredThing thing = things.get(request.label("thingName"));
        ObjectNode body = Answered.object()
                .put("defaultClientId", thing.name())
                .put("thingName", thing.name())
                .put("thingId", thing.id())
                .put("thingArn", account.thingArn(thing.name()));
        return RestJson.ok(contents(body, thing));
    }

    private HttpReply list(OperationRequest request) throws RegistryException, Refusal {
        return Answered.list(
                "things",
                "nextToken",
                things.list(Answered.page(request, "nextToken", "maxResults"), filter(request)),
                thing -> contents(
                        Answered.object()
                                .put("thingName", thing.name())
                                .put("thingArn", account.thingArn(thing.name())),
                        thing));
    }

    private HttpReply update(OperationRequest request) throws RegistryException, Refusal {
        JsonNode version = request.json().path("expectedVersion");
        things.update(
                request.label("thingName"),
                new ThingRegistry.Update(
                        version.isIntegralNumber() ? Long.valueOf(version.longValue()) : null,
                        Answered.text(request, "thingTypeName"),
                        Answered.flag(request, "removeThingType"),
                        attributes(request),
                        request.json().path("attributePayload").path("merge").asBoolean()));
        return Answered.nothing();
    }

    private HttpReply delete(OperationRequest request) throws RegistryException {
        String version = request.query().text("expectedVersion");
        things.delete(request.label("thingName"), version == null ? null : Long.valueOf(version));
        return Answered.nothing();
    }

    private static ObjectNode contents(ObjectNode body, RegisteredThing thing) {
        if (!thing.typeName().isEmpty()) {
            body.put("thingTypeName", thing.typeName());
        }
        ObjectNode attributes = body.putObject("attributes");
        new TreeMap<>(thing.attributes()).forEach(attributes::put);
        return body.put("version", thing.version());
    }

    private static Predicate<RegisteredThing> filter(OperationRequest request) throws Refusal {
        String name = request.query().text("attributeName");
        String value = request.query().text("attributeValue");
        String type = request.query().text("thingTypeName");
        boolean prefix = request.query().flag("usePrefixAttributeValue");
        if (value != null && name == null) {
            throw Refusal.invalid("attributeValue needs attributeName");
        }
        Predicate<RegisteredThing> ofType =
                thing -> type == null || thing.typeName().equals(type);
        if (name == null) {
            return ofType;
        }
        return ofType.and(thing -> {
            String found = thing.attributes().get(name);
            return found != null && (value == null || (prefix ? found.startsWith(value) : found.equals(value)));
        });
    }

    /** The attributes that a request gives; null when it gives none. */
    private static @Nullable Map<String, String> attributes(OperationRequest request) throws Refusal {
        JsonNode given = request.json().path("attributePayload").path("attributes");
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        if (!given.isObject()) {
            throw Refusal.invalid("attributes must be an object");
        }
        Map<String, String> attributes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> attribute : given.properties()) {
            String name = attribute.getKey();
            if (name.length() > MAX_ATTRIBUTE_NAME || !NAME.matcher(name).matches()) {
                throw Refusal.invalid("the name of an attribute has 1 to 128 characters and matches " + NAME);
            }
            String value =
                    attribute.getValue().isTextual() ? attribute.getValue().textValue() : "~";
            if (value.length() > MAX_ATTRIBUTE_VALUE || !VALUE.matcher(value).matches()) {
                throw Refusal.invalid(
                        "the value of an attribute is a string of at most 800 characters and matches " + VALUE);
            }
            attributes.put(name, value);
        }
        return attributes;
    }
}
