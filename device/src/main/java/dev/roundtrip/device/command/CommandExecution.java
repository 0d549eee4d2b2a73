package dev.roundtrip.device.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One execution of a command at its device. Thread-safe. */
public interface CommandExecution {

    /** Its id. */
    String id();

    /** How the payload is written. */
    CommandFormat format();

    /** The payload's content type, as MQTT 5 carries it; null on MQTT 3.1.1, or when the command has none. */
    @Nullable String contentType();

    /** The payload, a copy. */
    byte[] payload();

    /** The payload as JSON.
     *
     * @throws CommandRejectedException when the payload is no JSON
     */
    JsonNode json() throws CommandRejectedException;

    /** The payload as a record, or what else Jackson can read.
     *
     * @throws CommandRejectedException when the payload is no {@code T}
     */
    <T> T as(Class<T> type) throws CommandRejectedException;

    /** The time that is left before the service sets the execution to TIMED_OUT, zero when it has passed; null when
     * nobody said it, as on MQTT 3.1.1.
     */
    @Nullable Duration remaining();

    /** Whether nobody waits any more: the time is over, or the device is being closed. What is reported all the same
     * still counts at the service.
     */
    boolean isAbandoned();

    /** Reports that the execution goes on. Never blocks: of reports that wait for the service the last one counts.
     *
     * @param code 1 to 64 of {@code A-Z 0-9 _ -}
     * @param description a sentence for people
     * @throws IllegalArgumentException when there can be no such code
     */
    void progress(String code, String description);
}
