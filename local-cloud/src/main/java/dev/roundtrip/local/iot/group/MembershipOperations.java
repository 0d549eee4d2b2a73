package dev.roundtrip.local.iot.group;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Account;
import java.util.ArrayList;
import java.util.List;

/** Says which thing belongs to which group, and changes that. Thread-safe. */
final class MembershipOperations {
    /** How many groups one request names; our choice, as a thing belongs to 10 at most. */
    private static final int MAX_GROUPS = 20;

    private final ThingGroups groups;
    private final Account account;

    /** @param account whose ARNs name groups and things */
    MembershipOperations(ThingGroups groups, Account account) {
        this.groups = groups;
        this.account = account;
    }

    /** The operations. */
    List<Operation> operations() {
        return List.of(
                Answered.by(
                                "ListThingsInThingGroup",
                                "GET /thing-groups/{thingGroupName}/things",
                                GroupLists.on("ListThingsInThingGroup"),
                                this::things)
                        .taking(GroupLists.GROUP, Member.query("recursive").as(Member.Kind.FLAG), GroupLists.RESULTS),
                Answered.by(
                                "ListThingGroupsForThing",
                                "GET /things/{thingName}/thing-groups",
                                new Permission("iot:ListThingGroupsForThing", "thing/{thingName}"),
                                this::groupsOf)
                        .taking(Member.path("thingName").length(1, 128).matching(GroupLists.NAME), GroupLists.RESULTS),
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
                                        .matching(GroupLists.NAME)
                                        .mandatory(),
                                Member.body("thingGroupsToAdd").as(Member.Kind.LIST),
                                Member.body("thingGroupsToRemove").as(Member.Kind.LIST),
                                Member.body("overrideDynamicGroups").as(Member.Kind.FLAG)));
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

    private HttpReply things(OperationRequest request) throws Refusal {
        return Answered.list(
                "things",
                GroupLists.TOKEN,
                groups.things(
                        request.label("thingGroupName"), request.query().flag("recursive"), GroupLists.page(request)),
                TextNode::valueOf);
    }

    private HttpReply groupsOf(OperationRequest request) throws Refusal {
        return GroupLists.named(groups.groupsOf(request.label("thingName"), GroupLists.page(request)), groups);
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
            if (!name.isTextual() || !name.textValue().matches(GroupLists.NAME)) {
                throw Refusal.invalid(list + " must be a list of names that match " + GroupLists.NAME);
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
        if (!found.matches(GroupLists.NAME) || (arn.isTextual() && !inArn.equals(found))) {
            throw Refusal.invalid(what + "Name or " + what + "Arn must name a " + what);
        }
        return found;
    }
}
