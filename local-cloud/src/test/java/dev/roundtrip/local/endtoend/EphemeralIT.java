package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.app.LocalCloudSettings.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iotdataplane.model.ResourceNotFoundException;

/** {@code start --ephemeral} keeps nothing of what services write, and leaves alone what was kept before. */
class EphemeralIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    private SdkCloud start(Storage storage) throws Exception {
        return SdkCloud.start(state, settings -> settings.withStorage(storage));
    }

    private static void write(SdkCloud on, String name) {
        on.iot().createThing(request -> request.thingName(name));
        on.update(name, null, "{\"state\":{\"reported\":{}}}");
        on.data().publish(publish -> publish.topic(name).retain(true).qos(1).payload(SdkCloud.bytes("retained")));
    }

    private static void assertKeptNothingBut(SdkCloud on, String... names) {
        assertThat(on.iot().listThings().things())
                .extracting(thing -> thing.thingName())
                .containsExactly(names);
        assertThat(on.data().listRetainedMessages(list -> list.maxResults(200)).retainedTopics())
                .extracting(retained -> retained.topic())
                .containsExactly(names);
    }

    @Test
    void what_services_write_is_gone_after_a_restart_and_no_file_is_made() throws Exception {
        try (SdkCloud first = start(Storage.EPHEMERAL)) {
            write(first, "pump");
            assertKeptNothingBut(first, "pump");
        }

        try (SdkCloud second = start(Storage.EPHEMERAL)) {
            assertKeptNothingBut(second);
            assertThatThrownBy(() -> second.data().getThingShadow(get -> get.thingName("pump")))
                    .isInstanceOf(ResourceNotFoundException.class);
        }
        assertThat(state.resolve("services.db")).doesNotExist();
    }

    @Test
    void start_that_writes_nothing_makes_no_file_either() throws Exception {
        try (SdkCloud durable = start(Storage.DURABLE)) {
            assertKeptNothingBut(durable);
        }

        assertThat(state.resolve("services.db")).doesNotExist();
    }

    @Test
    void what_was_kept_before_is_neither_seen_nor_changed() throws Exception {
        try (SdkCloud durable = start(Storage.DURABLE)) {
            write(durable, "pump");
        }
        byte[] before = Files.readAllBytes(state.resolve("services.db"));

        try (SdkCloud ephemeral = start(Storage.EPHEMERAL)) {
            assertKeptNothingBut(ephemeral);
            write(ephemeral, "valve");
        }

        assertThat(state.resolve("services.db")).hasBinaryContent(before);
        try (SdkCloud durable = start(Storage.DURABLE)) {
            assertKeptNothingBut(durable, "pump");
        }
    }
}
