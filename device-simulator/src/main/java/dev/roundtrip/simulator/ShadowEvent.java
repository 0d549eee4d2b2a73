package dev.roundtrip.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Target;

/** What a device did about one desired value. */
public sealed interface ShadowEvent {

    /** Which value. */
    Desired desired();

    /** A value that is desired.
     *
     * @param device whose shadow desires it
     * @param shadow the shadow's name; empty for the classic one
     * @param property a member of the shadow's state
     * @param value what it should be
     */
    record Desired(Target device, String shadow, String property, JsonNode value) {}

    /** The device reports a value.
     *
     * @param reported the value, which may be another one
     */
    record Applied(Desired desired, JsonNode reported) implements ShadowEvent {}

    /** The device refuses the value.
     *
     * @param code 400 to 599
     */
    record Refused(Desired desired, int code) implements ShadowEvent {}

    /** The device says nothing. */
    record Ignored(Desired desired) implements ShadowEvent {}
}
