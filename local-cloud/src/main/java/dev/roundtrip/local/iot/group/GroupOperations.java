package dev.roundtrip.local.iot.group;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.group.ThingGroups.Described;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes, describes, lists, changes and deletes thing groups, and says who belongs to them. Thread-safe. */
public final class GroupOperations {
    private static final String TOKEN = "nextToken";
    private static final String NAME = "[a-zA-Z0-9:_-]+";

    private static final Member GROUP =
            Member.path("thingGroupName").length(1, 128).matching(NAME);
    private static final Member PROPERTIES = Member.body("thingGroupProperties").as(Member.Kind.OBJECT);
    private static final Member RESULTS = Member.query("maxResults").number(1, Answered.MAX_PAGE);

    /** Source: {@code ThingGroupDescription} of service model {@code iot-2015-05-28}. */
    private static final Pattern DESCRIPTION = Pattern.compile("[\\p{Graph}\\x20]{0,2028}");

    private static final Pattern ATTRIBUTE_NAME = Pattern.compile("[a-zA-Z0-9_.,@/:#-]{1,128}");
    private static final Pattern ATTRIBUTE_VALUE = Pattern.compile("[a-zA-Z0-9_.,@/:#=\\[\\]-]{0,800}");

    /** Source: AWS IoT Core quotas, "Maximum number of attributes associated with a thing group". */
    private static final int MAX_ATTRIBUTES = 50;

    /** How many groups one request names; our choice, as a thing belongs to 10 at most. */
    private static final int MAX_GROUPS = 20;

    private final ThingGroups groups;
    private final Account account;
    private final InstantSource clock;

    /** @param account whose ARNs name groups and things */
    public GroupOperations(ThingGroups groups, Account account, InstantSource clock) {
        this.groups = groups;
        this.account = account;
        this.clock = clock;
    }

    /** The operations. */
    public List<Operation> operations() {
        return List.of(
                Answered.by(
                                "CreateThingGroup",
                                "POST /thing-groups/{thingGroupName}",
                                on("CreateThingGroup"),
                                this::create)
                        .taking(
                                GROUP,
                                PROPERTIES,
                                Member.body("parentGroupName").length(1, 128).matching(NAME),
                                Member.body("tags").as(Member.Kind.LIST)),
                Answered.by(
                                "DescribeThingGroup",
                                "GET /thing-groups/{thingGroupName}",
                                on("DescribeThingGroup"),
                                this::describe)
                        .taking(GROUP),
                Answered.by(
                                "UpdateThingGroup",
                                "PATCH /thing-groups/{thingGroupName}",
                                on("UpdateThingGroup"),
                                this::update)
                        .taking(
                                GROUP,
                                PROPERTIES.mandatory(),
                                Member.body("expectedVersion").number(Long.MIN_VALUE, Long.MAX_VALUE)),
                Answered.by(
                                "DeleteThingGroup",
                                "DELETE /thing-groups/{thingGroupName}",
                                on("DeleteThingGroup"),
                                this::delete)
                        .taking(GROUP, Member.query("expectedVersion").number(Long.MIN_VALUE, Long.MAX_VALUE)),
                Answered.by(
                                "ListThingGroups",
                                "GET /thing-groups",
                                new Permission("iot:ListThingGroups", "*"),
                                this::list)
                        .taking(
                                Member.query("parentGroup").length(1, 128).matching(NAME),
                                Member.query("namePrefixFilter").length(1, 128).matching(NAME),
                                Member.query("recursive").as(Member.Kind.FLAG),
                                RESULTS),
                Answered.by(
                                "ListThingsInThingGroup",
                                "GET /thing-groups/{thingGroupName}/things",
                                on("ListThingsInThingGroup"),
                                this::things)
                        .taking(GROUP, Member.query("recursive").as(Member.Kind.FLAG), RESULTS),
                Answered.by(
                                "ListThingGroupsForThing",
                                "GET /things/{thingName}/thing-groups",
                                new Permission("iot:ListThingGroupsForThing", "thing/{thingName}"),
                                this::groupsOf)
                        .taking(Member.path("thingName").length(1, 128).matching(NAME), RESULTS),
                membership("AddThingToThingGroup", "addThingToThingGroup", this::add),
                membership("RemoveThingFromThingGroup", "removeThingFromThingGroup", this::remove),
                Answered.by(
                                "UpdateThingGroupsForThing",
                                "PUT /thing-groups/updateThingGroupsForThing",
                                new Permission("iot:UpdateThingGroupsForThing", "thing/{body.thingName}"),
                                this::changeGroupsOf)
                        .taking(
                                Member.body("thingName")
                                        .length(1, 128)
                                        .matching(NAME)
                                        .mandatory(),
                                Member.body("thingGroupsToAdd").as(Member.Kind.LIST),
                                Member.body("thingGroupsToRemove").as(Member.Kind.LIST),
                                Member.body("overrideDynamicGroups").as(Member.Kind.FLAG)));
    }

    private static Permission on(String operation) {
        return new Permission("iot:" + operation, "thinggroup/{thingGroupName}");
    }

    /** Asks for the right to the group and to the thing, which the body names. */
    private static Operation membership(String name, String path, Answered.ByRegistry answer) {
        return Answered.by(
                        name,
                        "PUT /thing-groups/" + path,
                        new Permission("iot:" + name, "thinggroup/{body.thingGroupName}"),
                        answer)
                .demanding(new Permission("iot:" + name, "thing/{body.thingName}"));
    }

    private HttpReply create(OperationRequest request) throws Refusal {
        JsonNode parent = request.json().path("parentGroupName");
        JsonNode properties = request.json().path("thingGroupProperties");
        ThingGroup wanted = new ThingGroup(
                request.label("thingGroupName"),
                UUID.randomUUID().toString(),
                parent.isTextual() ? parent.textValue() : "",
                description(properties, ""),
                attributes(properties, Map.of()),
                1,
                clock.millis());
        ThingGroup made = groups.create(wanted, Tags.read(request.json().path("tags")));
        return RestJson.ok(Answered.object()
                .put("thingGroupName", made.name())
                .put("thingGroupArn", groups.arn(made.name()))
                .put("thingGroupId", made.id()));
    }

    private HttpReply describe(OperationRequest request) throws Refusal {
        Described found = groups.describe(request.label("thingGroupName"));
        ThingGroup group = found.group();
        ObjectNode answer = Answered.object()
                .put("thingGroupName", group.name())
                .put("thingGroupId", group.id())
                .put("thingGroupArn", groups.arn(group.name()))
                .put("version", group.version());
        ObjectNode properties = answer.putObject("thingGroupProperties");
        if (!group.description().isEmpty()) {
            properties.put("thingGroupDescription", group.description());
        }
        if (!group.attributes().isEmpty()) {
            ObjectNode attributes = properties.putObject("attributePayload").putObject("attributes");
            new TreeMap<>(group.attributes()).forEach(attributes::put);
        }
        ObjectNode metadata = answer.putObject("thingGroupMetadata");
        if (!group.parent().isEmpty()) {
            metadata.put("parentGroupName", group.parent());
            ArrayNode above = metadata.putArray("rootToParentThingGroups");
            found.above().forEach(each -> above.add(nameAndArn(each.name())));
        }
        metadata.put("creationDate", Answered.seconds(Instant.ofEpochMilli(group.created())));
        return RestJson.ok(answer);
    }

    private HttpReply update(OperationRequest request) throws Refusal {
        JsonNode properties = request.json().path("thingGroupProperties");
        JsonNode version = request.json().path("expectedVersion");
        long now = groups.update(
                request.label("thingGroupName"),
                version.isIntegralNumber() ? Long.valueOf(version.longValue()) : null,
                before -> before.changed(
                        description(properties, before.description()), attributes(properties, before.attributes())));
        return RestJson.ok(Answered.object().put("version", now));
    }

    private HttpReply delete(OperationRequest request) throws Refusal {
        String version = request.query().text("expectedVersion");
        groups.delete(request.label("thingGroupName"), version == null ? null : Long.valueOf(version));
        return Answered.nothing();
    }

    /** Without a parent, all groups are listed unless the request says otherwise; with one, its direct child groups. */
    private HttpReply list(OperationRequest request) throws Refusal {
        String parent = request.query().text("parentGroup");
        String given = request.query().text("namePrefixFilter");
        String prefix = given == null ? "" : given;
        boolean recursive = request.query().text("recursive") == null
                ? parent == null
                : request.query().flag("recursive");
        return named(
                parent == null
                        ? groups.list(prefix, recursive, page(request))
                        : groups.below(parent, prefix, recursive, page(request)));
    }

    private HttpReply things(OperationRequest request) throws Refusal {
        return Answered.list(
                "things",
                TOKEN,
                groups.things(request.label("thingGroupName"), request.query().flag("recursive"), page(request)),
                TextNode::valueOf);
    }

    private HttpReply groupsOf(OperationRequest request) throws Refusal {
        return named(groups.groupsOf(request.label("thingName"), page(request)));
    }

    private HttpReply named(Listed<String> found) {
        return Answered.list("thingGroups", TOKEN, found, this::nameAndArn);
    }

    private ObjectNode nameAndArn(String group) {
        return Answered.object().put("groupName", group).put("groupArn", groups.arn(group));
    }

    private static Page page(OperationRequest request) throws Refusal {
        return Answered.page(request, TOKEN, "maxResults");
    }

    private HttpReply add(OperationRequest request) throws Refusal {
        groups.change(thing(request), List.of(group(request)), List.of());
        return Answered.nothing();
    }

    private HttpReply remove(OperationRequest request) throws Refusal {
        groups.change(thing(request), List.of(), List.of(group(request)));
        return Answered.nothing();
    }

    /** Asks for the right to each group, too, as the groups stand in lists. */
    private HttpReply changeGroupsOf(OperationRequest request) throws Refusal {
        List<String> added = groups(request, "thingGroupsToAdd");
        List<String> removed = groups(request, "thingGroupsToRemove");
        groups.change(request.json().path("thingName").asText(), added, removed);
        return Answered.nothing();
    }

    private static List<String> groups(OperationRequest request, String list) throws Refusal {
        JsonNode given = request.json().path(list);
        if (given.size() > MAX_GROUPS) {
            throw Refusal.invalid(list + " has at most " + MAX_GROUPS + " entries");
        }
        List<String> names = new ArrayList<>();
        for (JsonNode name : given) {
            if (!name.isTextual() || !name.textValue().matches(NAME)) {
                throw Refusal.invalid(list + " must be a list of names that match " + NAME);
            }
            request.demand(new Permission("iot:UpdateThingGroupsForThing", "thinggroup/" + name.textValue()));
            names.add(name.textValue());
        }
        return names;
    }

    private String group(OperationRequest request) throws Refusal {
        return name(request, "thingGroup", account.iotArn("thinggroup/"));
    }

    private String thing(OperationRequest request) throws Refusal {
        return name(request, "thing", account.iotArn("thing/"));
    }

    /** A name, or the name in an ARN. */
    private static String name(OperationRequest request, String what, String arnPrefix) throws Refusal {
        JsonNode name = request.json().path(what + "Name");
        JsonNode arn = request.json().path(what + "Arn");
        String inArn = arn.asText().startsWith(arnPrefix) ? arn.asText().substring(arnPrefix.length()) : "";
        String found = name.isTextual() ? name.textValue() : inArn;
        if (!found.matches(NAME) || (arn.isTextual() && !inArn.equals(found))) {
            throw Refusal.invalid(what + "Name or " + what + "Arn must name a " + what);
        }
        return found;
    }

    private static String description(JsonNode properties, String before) throws Refusal {
        JsonNode given = properties.path("thingGroupDescription");
        if (given.isMissingNode() || given.isNull()) {
            return before;
        }
        if (!given.isTextual() || !DESCRIPTION.matcher(given.textValue()).matches()) {
            throw Refusal.invalid("thingGroupDescription must match " + DESCRIPTION);
        }
        return given.textValue();
    }

    /** With {@code merge}, attributes that are not named stay; an empty value removes one. */
    private static Map<String, String> attributes(JsonNode properties, Map<String, String> before) throws Refusal {
        JsonNode payload = properties.path("attributePayload");
        JsonNode given = payload.path("attributes");
        if (given.isMissingNode() || given.isNull()) {
            return before;
        }
        Map<String, String> attributes = new TreeMap<>(payload.path("merge").asBoolean() ? before : Map.of());
        for (Map.Entry<String, JsonNode> attribute : given.properties()) {
            @Nullable String value = attribute.getValue().textValue();
            if (!ATTRIBUTE_NAME.matcher(attribute.getKey()).matches()
                    || value == null
                    || !ATTRIBUTE_VALUE.matcher(value).matches()) {
                throw Refusal.invalid(
                        "the name of an attribute must match " + ATTRIBUTE_NAME + " and its value " + ATTRIBUTE_VALUE);
            }
            if (value.isEmpty()) {
                attributes.remove(attribute.getKey());
            } else {
                attributes.put(attribute.getKey(), value);
            }
        }
        if (attributes.size() > MAX_ATTRIBUTES) {
            throw Refusal.invalid("a thing group has at most " + MAX_ATTRIBUTES + " attributes");
        }
        return attributes;
    }
}
