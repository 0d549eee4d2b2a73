package dev.roundtrip.local.iot.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which events of AWS IoT services are published: all types are off at first. Thread-safe. */
public final class EventConfigurations {
    /** Source: {@code EventType} of service model {@code iot-2015-05-28}. */
    private static final List<String> TYPES = List.of(
            "THING",
            "THING_GROUP",
            "THING_TYPE",
            "THING_GROUP_MEMBERSHIP",
            "THING_GROUP_HIERARCHY",
            "THING_TYPE_ASSOCIATION",
            "JOB",
            "JOB_EXECUTION",
            "POLICY",
            "CERTIFICATE",
            "CA_CERTIFICATE");

    /** Types that were set, and the times of the first and the last change in milliseconds. */
    private static final Table TABLE = new Table("event_configurations");

    private static final String CREATED = "creationDate";
    private static final String MODIFIED = "lastModifiedDate";
    private static final String ENABLED = "Enabled";

    private final TableStore store;
    private final InstantSource clock;

    public EventConfigurations(TableStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** The operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.answered(
                        "UpdateEventConfigurations",
                        "PATCH /event-configurations",
                        new Permission("iot:UpdateEventConfigurations", "*"),
                        this::update),
                Operation.answered(
                        "DescribeEventConfigurations",
                        "GET /event-configurations",
                        new Permission("iot:DescribeEventConfigurations", "*"),
                        request -> describe()));
    }

    private HttpReply update(OperationRequest request) throws Refusal {
        List<String> types = new ArrayList<>();
        JsonNode configurations = request.json().path("eventConfigurations");
        if (!configurations.isObject() && !configurations.isMissingNode()) {
            throw Refusal.invalid("eventConfigurations must be an object");
        }
        for (Map.Entry<String, JsonNode> configuration : configurations.properties()) {
            if (!TYPES.contains(configuration.getKey())) {
                throw Refusal.invalid("an event type must be one of " + String.join(", ", TYPES));
            }
            JsonNode enabled = configuration.getValue().path(ENABLED);
            if (!configuration.getValue().isObject() || !(enabled.isBoolean() || enabled.isMissingNode())) {
                throw Refusal.invalid(
                        "the value of an event type must be an object whose member " + ENABLED + " is true or false");
            }
            types.add(configuration.getKey());
        }
        long now = clock.millis();
        return store.<HttpReply, Refusal>write(rows -> {
            for (String type : types) {
                put(
                        rows,
                        type,
                        Boolean.toString(configurations.path(type).path(ENABLED).asBoolean()));
            }
            if (rows.get(TABLE, CREATED).isEmpty()) {
                put(rows, CREATED, Long.toString(now));
            }
            put(rows, MODIFIED, Long.toString(now));
            return RestJson.ok(RestJson.MAPPER.createObjectNode());
        });
    }

    private static void put(Transaction rows, String key, String value) {
        rows.put(TABLE, key, value.getBytes(StandardCharsets.US_ASCII));
    }

    private HttpReply describe() {
        return store.<HttpReply, RuntimeException>read(rows -> {
            ObjectNode answer = RestJson.MAPPER.createObjectNode();
            ObjectNode configurations = answer.putObject("eventConfigurations");
            TYPES.forEach(type -> configurations.putObject(type).put(ENABLED, isEnabled(rows, type)));
            for (String moment : List.of(CREATED, MODIFIED)) {
                text(rows, moment).ifPresent(millis -> answer.put(moment, Long.parseLong(millis) / 1000.0));
            }
            return RestJson.ok(answer);
        });
    }

    /** The same, in work of the store. */
    public static boolean isEnabled(Snapshot rows, String type) {
        return text(rows, type).map(Boolean::parseBoolean).orElse(false);
    }

    private static Optional<String> text(Snapshot rows, String key) {
        return rows.get(TABLE, key).map(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    }
}
