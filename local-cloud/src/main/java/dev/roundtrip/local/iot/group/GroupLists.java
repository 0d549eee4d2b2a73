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
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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

    /** A page of names, which reads rows from the one behind the page before, and no more than it needs.
     *
     * @param prefix with which the keys begin
     * @param after the key of the last row of the page before; empty for the first page
     * @param name of a row; empty for a row that does not count
     */
    static Listed<String> list(
            Snapshot rows, Table table, String prefix, String after, Page page, Function<Row, Optional<String>> name) {
        List<String> names = new ArrayList<>();
        String last = after;
        List<Row> found;
        do {
            found = rows.page(table, prefix, last, page.most() + 1);
            found.forEach(row -> name.apply(row).ifPresent(names::add));
            last = found.isEmpty() ? last : found.getLast().key();
        } while (found.size() > page.most() && names.size() <= page.most());
        return names.size() <= page.most()
                ? new Listed<>(names, "")
                : new Listed<>(names.subList(0, page.most()), names.get(page.most() - 1));
    }

    static HttpReply named(Listed<String> found, ThingGroups groups) {
        return Answered.list("thingGroups", TOKEN, found, name -> nameAndArn(name, groups));
    }

    static ObjectNode nameAndArn(String group, ThingGroups groups) {
        return Answered.object().put("groupName", group).put("groupArn", groups.arn(group));
    }
}
