package dev.roundtrip.local.iot.group;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.control.Answered;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;

/** What operations on groups and on those who belong to them have in common: names, permissions, lists. */
final class GroupLists {
    static final String TOKEN = "nextToken";
    static final String NAME = "[a-zA-Z0-9:_-]+";
    static final Member GROUP = Member.path("thingGroupName").length(1, 128).matching(NAME);
    static final Member RESULTS = Member.query("maxResults").number(1, Answered.MAX_PAGE);

    private GroupLists() {}

    /** The permission for an operation on the group in the path. */
    static Permission on(String operation) {
        return new Permission("iot:" + operation, "thinggroup/{thingGroupName}");
    }

    static Page page(OperationRequest request) throws Refusal {
        return Answered.page(request, TOKEN, "maxResults");
    }

    static HttpReply named(Listed<String> found, ThingGroups groups) {
        return Answered.list("thingGroups", TOKEN, found, name -> nameAndArn(name, groups));
    }

    static ObjectNode nameAndArn(String group, ThingGroups groups) {
        return Answered.object().put("groupName", group).put("groupArn", groups.arn(group));
    }
}
