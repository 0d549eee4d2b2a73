package dev.roundtrip.local.iot.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Tags of resources. Thread-safe. */
public final class Tags {
    private static final Table TABLE = new Table("tags");

    /** Source: AWS IoT Core quotas, "Maximum number of tags for a resource". */
    private static final int MAX_TAGS = 50;

    private static final int MAX_KEY = 128;
    private static final int MAX_VALUE = 256;
    private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+");

    private static final Pattern REGION = Pattern.compile("^(arn:[^:]*:[^:]*:)[^:]*");

    private final TableStore store;
    private final TaggedResources resources;

    /** Knows which resources may have tags. */
    @FunctionalInterface
    public interface TaggedResources {
        /** Whether there is a resource of this ARN. */
        boolean has(Snapshot rows, String arn);
    }

    public Tags(TableStore store, TaggedResources resources) {
        this.store = store;
        this.resources = resources;
    }

    /** The operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.answered(
                        "TagResource",
                        "POST /tags",
                        new Permission("iot:TagResource", "{body.resourceArn}"),
                        this::tag),
                Operation.answered(
                        "ListTagsForResource",
                        "GET /tags",
                        new Permission("iot:ListTagsForResource", "{query.resourceArn}"),
                        this::list),
                Operation.answered(
                        "UntagResource",
                        "POST /untag",
                        new Permission("iot:UntagResource", "{body.resourceArn}"),
                        this::untag));
    }

    /** Reads the list {@code tags} of a request, which may be absent.
     *
     * @throws Refusal when it is malformed, is too long, or has a key twice
     */
    public static Map<String, String> read(JsonNode list) throws Refusal {
        Map<String, String> tags = new LinkedHashMap<>();
        if (!list.isArray() && !list.isMissingNode() && !list.isNull()) {
            throw Refusal.invalid("tags must be a list");
        }
        if (list.size() > MAX_TAGS) {
            throw tooMany();
        }
        for (JsonNode tag : list) {
            String key = key(tag.path("Key"));
            JsonNode value = tag.path("Value");
            if (!value.isMissingNode() && !value.isNull() && !value.isTextual()) {
                throw Refusal.invalid("the value of a tag must be a string");
            }
            String text = value.isTextual() ? value.textValue() : "";
            if (text.length() > MAX_VALUE || text.indexOf('\0') >= 0) {
                throw Refusal.invalid("the value of a tag has at most " + MAX_VALUE + " characters");
            }
            if (tags.put(key, text) != null) {
                throw Refusal.invalid("a tag's key is given twice");
            }
        }
        return tags;
    }

    private static String key(JsonNode key) throws Refusal {
        if (!key.isTextual()
                || key.textValue().length() > MAX_KEY
                || !KEY.matcher(key.textValue()).matches()) {
            throw Refusal.invalid("the key of a tag has 1 to " + MAX_KEY + " characters and matches " + KEY);
        }
        if (key.textValue().startsWith("aws:")) {
            throw Refusal.invalid("a tag's key does not begin with aws:");
        }
        return key.textValue();
    }

    private HttpReply tag(OperationRequest request) throws Refusal {
        String arn = arn(request);
        Map<String, String> tags = read(request.json().path("tags"));
        if (tags.isEmpty()) {
            throw Refusal.invalid("tags is missing");
        }
        return store.<HttpReply, Refusal>write(rows -> {
            demand(rows, arn);
            put(rows, arn, tags);
            return nothing();
        });
    }

    /** Adds tags to a resource.
     *
     * @throws Refusal when it has too many then
     */
    public static void put(Transaction rows, String arn, Map<String, String> tags) throws Refusal {
        putNew(rows, arn, tags);
        if (all(rows, arn).size() > MAX_TAGS) {
            throw tooMany();
        }
    }

    /** Gives a new resource tags.
     *
     * @param tags that were read from a request
     */
    public static void putNew(Transaction rows, String arn, Map<String, String> tags) {
        tags.forEach((key, value) -> rows.put(TABLE, Keys.of(kept(arn), key), value.getBytes(StandardCharsets.UTF_8)));
    }

    private static Refusal tooMany() {
        return new Refusal(ErrorType.LIMIT_EXCEEDED, "a resource has at most " + MAX_TAGS + " tags");
    }

    /** Removes all tags of a resource that is deleted. */
    public static void clear(Transaction rows, String arn) {
        all(rows, arn).forEach(row -> rows.delete(TABLE, row.key()));
    }

    private HttpReply untag(OperationRequest request) throws Refusal {
        String arn = arn(request);
        JsonNode given = request.json().path("tagKeys");
        if (!given.isArray() || given.isEmpty()) {
            throw Refusal.invalid("tagKeys must be a list of keys");
        }
        List<String> keys = new ArrayList<>();
        for (JsonNode key : given) {
            keys.add(key(key));
        }
        return store.<HttpReply, Refusal>write(rows -> {
            demand(rows, arn);
            keys.forEach(key -> rows.delete(TABLE, Keys.of(kept(arn), key)));
            return nothing();
        });
    }

    private HttpReply list(OperationRequest request) throws Refusal {
        String arn = request.query().required("resourceArn");
        return store.<HttpReply, Refusal>read(rows -> {
            demand(rows, arn);
            ObjectNode answer = RestJson.MAPPER.createObjectNode();
            ArrayNode tags = answer.putArray("tags");
            all(rows, arn)
                    .forEach(row -> tags.addObject()
                            .put("Key", Keys.part(row.key(), 1))
                            .put("Value", new String(row.value(), StandardCharsets.UTF_8)));
            return RestJson.ok(answer);
        });
    }

    /** What is kept of an ARN: all but the region, which may be another after the next start. */
    private static String kept(String arn) {
        return REGION.matcher(arn).replaceFirst("$1");
    }

    /** A few more than there may be, so that too many are noticed. */
    private static List<Row> all(Snapshot rows, String arn) {
        return rows.page(TABLE, Keys.prefix(kept(arn)), "", 2 * MAX_TAGS);
    }

    private static String arn(OperationRequest request) throws Refusal {
        JsonNode arn = request.json().path("resourceArn");
        if (!arn.isTextual()) {
            throw Refusal.invalid("resourceArn is missing");
        }
        return arn.textValue();
    }

    private void demand(Snapshot rows, String arn) throws Refusal {
        if (arn.indexOf('\0') >= 0 || !resources.has(rows, arn)) {
            throw new Refusal(ErrorType.RESOURCE_NOT_FOUND, "there is no resource of this ARN that may have tags");
        }
    }

    private static HttpReply nothing() {
        return RestJson.ok(RestJson.MAPPER.createObjectNode());
    }
}
