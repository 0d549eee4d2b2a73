package dev.roundtrip.local.iot.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The desired or the reported state of a shadow, and when each value in it was set. Immutable by convention: nobody
 * writes to its nodes, and what is made of them may share them.
 *
 * @param state the values; an object and its members are merged, every other value is replaced
 * @param metadata the same tree with {@code {"timestamp":<epoch seconds>}} in the place of each value; elements of
 *     arrays have one each, an empty object has an empty one
 */
record Section(ObjectNode state, ObjectNode metadata) {
    /** Without a value. */
    static final Section EMPTY = new Section(object(), object());

    private static final String TIMESTAMP = "timestamp";

    boolean isEmpty() {
        return state.isEmpty();
    }

    /** The section after a change.
     *
     * @param change {@code null} removes a member, an object is merged, any other value replaces; {@code null} removes
     *     the section
     * @param second when, in epoch seconds
     */
    Section merge(JsonNode change, long second) {
        return change instanceof ObjectNode members ? merge(this, members, second) : EMPTY;
    }

    private static Section merge(Section before, ObjectNode change, long second) {
        ObjectNode state = copy(before.state);
        ObjectNode metadata = copy(before.metadata);
        change.properties().forEach(member -> {
            String name = member.getKey();
            switch (member.getValue()) {
                case NullNode absent -> {
                    state.remove(name);
                    metadata.remove(name);
                }
                case ObjectNode members -> {
                    Section merged = merge(before.member(name), members, second);
                    state.set(name, merged.state);
                    metadata.set(name, merged.metadata);
                }
                case JsonNode value -> {
                    state.set(name, value);
                    metadata.set(name, timestamps(value, second));
                }
            }
        });
        return new Section(state, metadata);
    }

    private Section member(String name) {
        return state.get(name) instanceof ObjectNode members && metadata.get(name) instanceof ObjectNode timestamps
                ? new Section(members, timestamps)
                : EMPTY;
    }

    /** What of this section the other one does not have, with this section's metadata. */
    Section without(Section other) {
        return difference(this, other.state);
    }

    private static Section difference(Section wanted, ObjectNode present) {
        ObjectNode state = object();
        ObjectNode metadata = object();
        wanted.state.properties().forEach(member -> {
            String name = member.getKey();
            JsonNode there = present.get(name);
            if (member.getValue() instanceof ObjectNode && there instanceof ObjectNode members) {
                Section difference = difference(wanted.member(name), members);
                if (!difference.isEmpty()) {
                    state.set(name, difference.state);
                    metadata.set(name, difference.metadata);
                }
            } else if (there == null || !equal(member.getValue(), there)) {
                state.set(name, member.getValue());
                metadata.set(name, wanted.metadata.get(name));
            }
        });
        return new Section(state, metadata);
    }

    private static boolean equal(JsonNode one, JsonNode other) {
        return OpenFacts.NUMBERS_ARE_COMPARED_BY_VALUE ? one.equals(Section::compare, other) : one.equals(other);
    }

    /** 0 for equal values. */
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    /** Metadata of a value that was set at one moment. */
    static JsonNode timestamps(JsonNode value, long second) {
        return switch (value) {
            case ObjectNode members -> {
                ObjectNode metadata = object();
                members.properties()
                        .forEach(member -> metadata.set(member.getKey(), timestamps(member.getValue(), second)));
                yield metadata;
            }
            case ArrayNode elements -> {
                ArrayNode metadata = JsonNodeFactory.instance.arrayNode(elements.size());
                elements.forEach(element -> metadata.add(timestamps(element, second)));
                yield metadata;
            }
            case JsonNode leaf -> object().put(TIMESTAMP, second);
        };
    }

    private static ObjectNode copy(ObjectNode members) {
        return object().setAll(members);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
