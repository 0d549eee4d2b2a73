package dev.roundtrip.local.iot.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A shadow's document. Immutable.
 *
 * @param version 1 for the first one, 0 before that
 */
record Shadow(long version, Section desired, Section reported) {
    private static final String DESIRED = "desired";
    private static final String REPORTED = "reported";
    private static final String DELTA = "delta";
    private static final String STATE = "state";
    private static final String METADATA = "metadata";
    private static final String VERSION = "version";
    private static final String TIMESTAMP = "timestamp";

    /** Before the first update.
     *
     * @param version of the last one of this name, or 0
     */
    static Shadow before(long version) {
        return new Shadow(version, Section.EMPTY, Section.EMPTY);
    }

    /** The shadow after an update.
     *
     * @param change an object with {@code desired}, {@code reported} or both, each an object or {@code null};
     *     {@code null} for a shadow without state
     * @param second when, in epoch seconds
     */
    Shadow update(JsonNode change, long second) {
        return change.isNull()
                ? before(version + 1)
                : new Shadow(
                        version + 1,
                        merge(desired, change.get(DESIRED), second),
                        merge(reported, change.get(REPORTED), second));
    }

    private static Section merge(Section before, @Nullable JsonNode change, long second) {
        return change == null ? before : before.merge(change, second);
    }

    /** What is desired and not reported. */
    Section delta() {
        return desired.without(reported);
    }

    /** The desired and the reported state, without empty ones. */
    ObjectNode state() {
        ObjectNode state = object();
        if (!desired.isEmpty()) {
            state.set(DESIRED, desired.state());
        }
        if (!reported.isEmpty()) {
            state.set(REPORTED, reported.state());
        }
        return state;
    }

    private ObjectNode metadata() {
        ObjectNode metadata = object();
        if (!desired.isEmpty()) {
            metadata.set(DESIRED, desired.metadata());
        }
        if (!reported.isEmpty()) {
            metadata.set(REPORTED, reported.metadata());
        }
        return metadata;
    }

    /** State, metadata and version: a part of the message {@code documents}, and what is kept. */
    ObjectNode document() {
        ObjectNode document = object();
        document.set(STATE, state());
        document.set(METADATA, metadata());
        return document.put(VERSION, version);
    }

    /** The shadow of what {@link #document} made. */
    static Shadow of(JsonNode document) {
        return new Shadow(document.path(VERSION).longValue(), section(document, DESIRED), section(document, REPORTED));
    }

    private static Section section(JsonNode document, String name) {
        return document.path(STATE).get(name) instanceof ObjectNode state
                        && document.path(METADATA).get(name) instanceof ObjectNode metadata
                ? new Section(state, metadata)
                : Section.EMPTY;
    }

    /** The answer to get: the document with the delta. */
    ObjectNode described(long second) {
        ObjectNode state = state();
        ObjectNode metadata = metadata();
        Section delta = delta();
        if (!delta.isEmpty()) {
            state.set(DELTA, delta.state());
            if (OpenFacts.DELTA_METADATA_IN_GET) {
                metadata.set(DELTA, delta.metadata());
            }
        }
        return message(state, metadata, second);
    }

    /** The answer to the update that made this shadow: what the request held, and no more. */
    ObjectNode accepted(JsonNode change, long second) {
        return message(change, Section.timestamps(change, second), second);
    }

    /** What the thing is told while something is desired that it does not report.
     *
     * @param delta not empty
     */
    ObjectNode difference(Section delta, long second) {
        return object().put(VERSION, version)
                .put(TIMESTAMP, second)
                .<ObjectNode>set(STATE, delta.state())
                .set(METADATA, delta.metadata());
    }

    /** The answer to delete. */
    ObjectNode deleted(long second) {
        return object().put(VERSION, version).put(TIMESTAMP, second);
    }

    private ObjectNode message(JsonNode state, JsonNode metadata, long second) {
        ObjectNode message = object();
        message.set(STATE, state);
        message.set(METADATA, metadata);
        return message.put(VERSION, version).put(TIMESTAMP, second);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
