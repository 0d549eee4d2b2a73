package dev.roundtrip.local.iot.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Merge and delta beside a naive model: a document is a map from paths to values, over random sequences. */
class ShadowPropertyTest {
    private static final long SEED = 20_261_128;
    private static final int SEQUENCES = 2_000;
    private static final int MOST_UPDATES = 8;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Random random = new Random(SEED);

    /** A section as the values of its leaves by path; an empty object is a leaf. Knows nothing of trees. */
    private static final class Model {
        private final Map<String, JsonNode> leaves = new TreeMap<>();
        private final Map<String, Long> seconds = new TreeMap<>();

        void merge(JsonNode change, long second) {
            if (change.isNull()) {
                leaves.clear();
                seconds.clear();
            } else {
                change.properties().forEach(member -> merge('/' + member.getKey(), member.getValue(), second));
            }
        }

        private void merge(String path, JsonNode change, long second) {
            if (change.isNull()) {
                boolean wasThere = isObject(path) || leaves.containsKey(path);
                remove(path);
                if (wasThere) {
                    keepParent(path);
                }
            } else if (change.isObject()) {
                if (!isObject(path)) {
                    remove(path);
                    put(path, NODES.objectNode(), second);
                }
                change.properties().forEach(member -> merge(path + '/' + member.getKey(), member.getValue(), second));
            } else {
                remove(path);
                put(path, change, second);
            }
        }

        private boolean isObject(String path) {
            return leaves.keySet().stream().anyMatch(leaf -> leaf.startsWith(path + '/'))
                    || (leaves.containsKey(path) && leaves.get(path).isObject());
        }

        private void remove(String path) {
            leaves.keySet().removeIf(leaf -> leaf.equals(path) || leaf.startsWith(path + '/'));
            seconds.keySet().removeIf(leaf -> leaf.equals(path) || leaf.startsWith(path + '/'));
        }

        private void put(String path, JsonNode value, long second) {
            String parent = parent(path);
            leaves.remove(parent);
            seconds.remove(parent);
            leaves.put(path, value);
            seconds.put(path, second);
        }

        private void keepParent(String path) {
            String parent = parent(path);
            if (!parent.isEmpty() && !isObject(parent)) {
                leaves.put(parent, NODES.objectNode());
            }
        }

        private static String parent(String path) {
            return path.substring(0, path.lastIndexOf('/'));
        }

        /** What is here, and not there, or otherwise. */
        Map<String, JsonNode> without(Model other) {
            Map<String, JsonNode> difference = new TreeMap<>();
            leaves.forEach((path, value) -> {
                boolean there = value.isObject() ? other.isObject(path) : value.equals(other.leaves.get(path));
                if (!there) {
                    difference.put(path, value);
                }
            });
            return difference;
        }
    }

    private static Map<String, JsonNode> leaves(JsonNode tree) {
        Map<String, JsonNode> leaves = new TreeMap<>();
        tree.properties().forEach(member -> collect('/' + member.getKey(), member.getValue(), leaves));
        return leaves;
    }

    private static void collect(String path, JsonNode value, Map<String, JsonNode> leaves) {
        if (value.isObject() && !value.isEmpty()) {
            value.properties().forEach(member -> collect(path + '/' + member.getKey(), member.getValue(), leaves));
        } else {
            leaves.put(path, value);
        }
    }

    private JsonNode change(int depth) {
        ObjectNode change = NODES.objectNode();
        int members = random.nextInt(4);
        for (int i = 0; i < members; i++) {
            change.set(String.valueOf((char) ('a' + random.nextInt(3))), value(depth));
        }
        return change;
    }

    private JsonNode value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.numberNode(random.nextInt(3));
            case 2 -> NODES.textNode("x" + random.nextInt(2));
            case 3 -> NODES.booleanNode(random.nextBoolean());
            case 4 -> array();
            default -> change(depth - 1);
        };
    }

    private ArrayNode array() {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(3); i > 0; i--) {
            array.add(random.nextInt(2));
        }
        return array;
    }

    private JsonNode update() {
        if (random.nextInt(20) == 0) {
            return NODES.nullNode();
        }
        ObjectNode update = NODES.objectNode();
        for (String section : new String[] {"desired", "reported"}) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> {}
                case 4 -> update.set(section, NODES.nullNode());
                default -> update.set(section, change(3));
            }
        }
        return update;
    }

    @Test
    void documents_are_those_of_the_naive_model() throws Exception {
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            Shadow shadow = Shadow.before(0);
            Model desired = new Model();
            Model reported = new Model();
            List<JsonNode> history = new ArrayList<>();
            for (int second = 1; second <= MOST_UPDATES; second++) {
                JsonNode update = update();
                history.add(update);
                String before = shadow.document().toString();
                Shadow next = shadow.update(update, second);
                apply(desired, update, "desired", second);
                apply(reported, update, "reported", second);

                assertThat(shadow.document().toString()).as("%s", history).isEqualTo(before);
                shadow = Shadow.of(new JsonMapper().readTree(next.document().toString()));
                assertThat(next.version()).isEqualTo(second);
                check(next.desired(), desired, history);
                check(next.reported(), reported, history);
                assertThat(leaves(next.delta().state()))
                        .as("delta of %s", history)
                        .isEqualTo(desired.without(reported));
                assertThat(shadow.delta())
                        .as("%s", history)
                        .hasToString(next.delta().toString());
            }
        }
    }

    private static void apply(Model model, JsonNode update, String section, long second) {
        if (update.isNull()) {
            model.merge(update, second);
        } else if (update.has(section)) {
            model.merge(update.get(section), second);
        }
    }

    private static void check(Section section, Model model, List<JsonNode> history) {
        assertThat(leaves(section.state())).as("%s", history).isEqualTo(model.leaves);
        model.leaves.forEach((path, value) -> {
            JsonNode metadata = section.metadata().at(path);
            if (value.isObject()) {
                assertThat(metadata).as("%s of %s", path, history).isEqualTo(NODES.objectNode());
            } else if (value.isArray()) {
                assertThat(metadata.size()).isEqualTo(value.size());
                metadata.forEach(element ->
                        assertThat(element.path("timestamp").longValue()).isEqualTo(model.seconds.get(path)));
            } else {
                assertThat(metadata.path("timestamp").longValue())
                        .as("%s of %s", path, history)
                        .isEqualTo(model.seconds.get(path));
            }
        });
    }
}
