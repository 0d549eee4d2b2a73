package dev.roundtrip.local.iot.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.PageToken;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.command.CommandRows.Found;
import dev.roundtrip.local.iot.command.Listing.Order;
import dev.roundtrip.local.iot.control.Answered;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pages of lists. */
final class Pages {
    static final String ORDER = "sortOrder";
    static final Member RESULTS = Member.query("maxResults").number(1, 100);

    /** Source: {@code ListCommandsRequest} of service model {@code iot-2015-05-28}. */
    private static final int DEFAULT_SIZE = 25;

    private static final int MAX_SIZE = 100;
    private static final String TOKEN = "nextToken";

    private Pages() {}

    /** The order of a list, the newest first where none is given. */
    static Order order(@Nullable String given) {
        return given == null ? Order.DESCENDING : Order.valueOf(given);
    }

    /** The key behind which the page begins; empty for the first one. */
    static String after(OperationRequest request) throws Refusal {
        return PageToken.name(request.query().text(TOKEN));
    }

    static int size(OperationRequest request) throws Refusal {
        return request.query().number("maxResults", DEFAULT_SIZE, 1, MAX_SIZE);
    }

    static <T> HttpReply answer(String name, Found<T> found, Function<T, JsonNode> entry) {
        ObjectNode answer = Answered.object();
        ArrayNode list = answer.putArray(name);
        found.entries().forEach(each -> list.add(entry.apply(each)));
        return RestJson.ok(found.next().isEmpty() ? answer : answer.put(TOKEN, PageToken.after(found.next())));
    }
}
