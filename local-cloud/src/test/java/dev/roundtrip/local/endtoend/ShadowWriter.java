package dev.roundtrip.local.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.iotdataplane.model.ResourceNotFoundException;

/** Updates and deletes the shadows of one thing: the classic one and named ones. What is there is {@code NAME} of a
 * shadow with its version and leaves, as in {@code 7 desired.a=1 reported.b=2}.
 */
final class ShadowWriter implements KillableWriter {
    private static final List<String> NAMES = List.of("", "one", "two");

    private final String thing;
    private final Front front;
    private final Way way;

    /** The versions that shadows had when they were deleted: the next shadow goes on from there. */
    private final Map<String, Long> deleted = new HashMap<>();

    private int token;

    /** How requests are sent. */
    enum Way {
        HTTP,
        MQTT
    }

    ShadowWriter(String thing, Front front, Way way) {
        this.thing = thing;
        this.front = front;
        this.way = way;
    }

    @Override
    public Write next(Map<String, String> known, Random random) {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        String before = known.get(name);
        Map<String, String> after = new TreeMap<>(known);
        if (before != null && random.nextInt(8) == 0) {
            deleted.put(name, version(before));
            after.remove(name);
            return new Write("delete '" + name + "'", after, () -> delete(name));
        }
        String section = random.nextBoolean() ? "desired" : "reported";
        String leaf = "k" + random.nextInt(4);
        Integer value = random.nextInt(4) == 0 ? null : random.nextInt(1_000_000);
        long version = before == null ? deleted.getOrDefault(name, 0L) : version(before);
        Map<String, String> leaves = before == null ? new TreeMap<>() : leaves(before);
        if (value == null) {
            leaves.remove(section + "." + leaf);
        } else {
            leaves.put(section + "." + leaf, value.toString());
        }
        after.put(name, text(version + 1, leaves));
        ObjectNode request = Json.mapper().createObjectNode();
        request.putObject("state").putObject(section).put(leaf, value);
        if (before != null && random.nextBoolean()) {
            request.put("version", version);
        }
        return new Write("update '" + name + "' with " + request, after, () -> update(name, request));
    }

    private static long version(String shadow) {
        return Long.parseLong(shadow.split(" ", 2)[0]);
    }

    private static Map<String, String> leaves(String shadow) {
        Map<String, String> leaves = new TreeMap<>();
        for (String leaf : shadow.split(" ", -1)) {
            if (leaf.contains("=")) {
                leaves.put(leaf.split("=", 2)[0], leaf.split("=", 2)[1]);
            }
        }
        return leaves;
    }

    private static String text(long version, Map<String, String> leaves) {
        return version
                + leaves.entrySet().stream()
                        .map(leaf -> " " + leaf.getKey() + "=" + leaf.getValue())
                        .collect(Collectors.joining());
    }

    private static @Nullable String given(String name) {
        return name.isEmpty() ? null : name;
    }

    private String topic(String name) {
        return "$aws/things/" + thing + "/shadow/" + (name.isEmpty() ? "" : "name/" + name + "/");
    }

    private void update(String name, ObjectNode request) throws Exception {
        switch (way) {
            case HTTP ->
                front.data()
                        .updateThingShadow(update -> update.thingName(thing)
                                .shadowName(given(name))
                                .payload(SdkBytes.fromUtf8String(request.toString())));
            case MQTT -> ask(topic(name) + "update", request);
        }
    }

    private void delete(String name) throws Exception {
        switch (way) {
            case HTTP ->
                front.data().deleteThingShadow(delete -> delete.thingName(thing).shadowName(given(name)));
            case MQTT -> ask(topic(name) + "delete", Json.mapper().createObjectNode());
        }
    }

    private void ask(String topic, ObjectNode request) throws Exception {
        token++;
        request.put("clientToken", "t" + token);
        front.ask(topic, request.toString().getBytes(UTF_8), "t" + token);
    }

    /** Looks whether there is metadata of each value, and of nothing else. */
    @Override
    public Map<String, String> read() throws Exception {
        Map<String, String> found = new TreeMap<>();
        for (String name : NAMES) {
            try {
                JsonNode shadow = Json.mapper()
                        .readTree(front.data()
                                .getThingShadow(get -> get.thingName(thing).shadowName(given(name)))
                                .payload()
                                .asByteArray());
                Map<String, String> leaves = new TreeMap<>();
                List<String> described = new ArrayList<>();
                for (String section : List.of("desired", "reported")) {
                    shadow.path("state")
                            .path(section)
                            .properties()
                            .forEach(leaf -> leaves.put(
                                    section + "." + leaf.getKey(),
                                    leaf.getValue().asText()));
                    shadow.path("metadata").path(section).properties().forEach(leaf -> {
                        if (leaf.getValue().path("timestamp").isIntegralNumber()) {
                            described.add(section + "." + leaf.getKey());
                        }
                    });
                }
                assertThat(described).as("metadata of " + shadow).containsExactlyInAnyOrderElementsOf(leaves.keySet());
                found.put(name, text(shadow.path("version").asLong(), leaves));
            } catch (ResourceNotFoundException none) {
                // There is no such shadow.
            }
        }
        assertThat(front.data()
                        .listNamedShadowsForThing(list -> list.thingName(thing))
                        .results())
                .containsExactlyElementsOf(new TreeSet<>(found.keySet())
                        .stream().filter(name -> !name.isEmpty()).toList());
        return found;
    }
}
