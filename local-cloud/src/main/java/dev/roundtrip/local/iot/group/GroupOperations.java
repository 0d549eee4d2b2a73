package dev.roundtrip.local.iot.group;

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
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.group.ThingGroups.Described;
import dev.roundtrip.local.iot.registry.Account;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** Makes, describes, lists, changes and deletes thing groups, with what says who belongs to them. Thread-safe. */
public final class GroupOperations {
    private static final Member PROPERTIES = Member.body("thingGroupProperties").as(Member.Kind.OBJECT);

    private final ThingGroups groups;
    private final MembershipOperations memberships;
    private final InstantSource clock;

    /** @param account whose ARNs name groups and things */
    public GroupOperations(ThingGroups groups, Account account, InstantSource clock) {
        this.groups = groups;
        this.memberships = new MembershipOperations(groups, account);
        this.clock = clock;
    }

    /** The operations. */
    public List<Operation> operations() {
        return Stream.concat(ofGroups().stream(), memberships.operations().stream())
                .toList();
    }

    private List<Operation> ofGroups() {
        return List.of(
                Answered.by(
                                "CreateThingGroup",
                                "POST /thing-groups/{thingGroupName}",
                                GroupLists.on("CreateThingGroup"),
                                this::create)
                        .taking(
                                GroupLists.GROUP,
                                PROPERTIES,
                                Member.body("parentGroupName").length(1, 128).matching(GroupLists.NAME),
                                Member.body("tags").as(Member.Kind.LIST)),
                Answered.by(
                                "DescribeThingGroup",
                                "GET /thing-groups/{thingGroupName}",
                                GroupLists.on("DescribeThingGroup"),
                                this::describe)
                        .taking(GroupLists.GROUP),
                Answered.by(
                                "UpdateThingGroup",
                                "PATCH /thing-groups/{thingGroupName}",
                                GroupLists.on("UpdateThingGroup"),
                                this::update)
                        .taking(
                                GroupLists.GROUP,
                                PROPERTIES.mandatory(),
                                Member.body("expectedVersion").number(Long.MIN_VALUE, Long.MAX_VALUE)),
                Answered.by(
                                "DeleteThingGroup",
                                "DELETE /thing-groups/{thingGroupName}",
                                GroupLists.on("DeleteThingGroup"),
                                this::delete)
                        .taking(
                                GroupLists.GROUP,
                                Member.query("expectedVersion").number(Long.MIN_VALUE, Long.MAX_VALUE)),
                Answered.by(
                                "ListThingGroups",
                                "GET /thing-groups",
                                new Permission("iot:ListThingGroups", "*"),
                                this::list)
                        .taking(
                                Member.query("parentGroup").length(1, 128).matching(GroupLists.NAME),
                                Member.query("namePrefixFilter").length(1, 128).matching(GroupLists.NAME),
                                Member.query("recursive").as(Member.Kind.FLAG),
                                GroupLists.RESULTS));
    }

    private HttpReply create(OperationRequest request) throws Refusal {
        JsonNode parent = request.json().path("parentGroupName");
        JsonNode properties = request.json().path("thingGroupProperties");
        ThingGroup wanted = new ThingGroup(
                request.label("thingGroupName"),
                UUID.randomUUID().toString(),
                parent.isTextual() ? parent.textValue() : "",
                GroupProperties.description(properties, ""),
                GroupProperties.attributes(properties, Map.of()),
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
            found.above().forEach(each -> above.add(GroupLists.nameAndArn(each.name(), groups)));
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
                        GroupProperties.description(properties, before.description()),
                        GroupProperties.attributes(properties, before.attributes())));
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
        return GroupLists.named(
                parent == null
                        ? groups.list(prefix, recursive, GroupLists.page(request))
                        : groups.below(parent, prefix, recursive, GroupLists.page(request)),
                groups);
    }
}
