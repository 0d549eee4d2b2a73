package dev.roundtrip.local.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.story.TargetState;
import org.jspecify.annotations.Nullable;

/** What the local API asks of the cloud that it is about. Thread-safe; may block for a short time. */
public interface ObservedCloud {
    /** The answer to {@code GET status}. */
    ObjectNode status();

    /** The things, an array. */
    JsonNode things();

    /** What is known of a device.
     *
     * @param name any text
     */
    TargetState target(String name);

    /** The answer to {@code GET faults}. */
    ObjectNode faults();

    /** Replaces the faults.
     *
     * @param spec as {@code --faults} takes it; empty ends all faults
     * @throws IllegalArgumentException when it is none; the message says why
     * @throws IllegalStateException when faults cannot be replaced; the message says why
     */
    void replaceFaults(String spec);

    /** What asks the cloud to stop in order, and returns at once; null when nobody waits for that. */
    @Nullable Runnable stop();
}
