package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.app.LocalCloudSettings.Storage;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iot.model.CertificateStatus;
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

    @Test
    void files_of_a_thing_stay_when_its_certificate_is_disabled_and_the_thing_deleted() throws Exception {
        Thing pump = StateDirectory.open(state).provision(new Target("pump"), new ClientPrefix("roundtrip"));
        String before = Files.readString(pump.files().thing());

        try (SdkCloud ephemeral = start(Storage.EPHEMERAL)) {
            String certificate = ephemeral
                    .iot()
                    .listThingPrincipals(list -> list.thingName("pump"))
                    .principals()
                    .getFirst();
            ephemeral
                    .iot()
                    .updateCertificate(update ->
                            update.certificateId(certificate.split("/", 2)[1]).newStatus(CertificateStatus.INACTIVE));
            assertThat(pump.files().thing()).content().isEqualTo(before);
            ephemeral
                    .iot()
                    .detachThingPrincipal(detach -> detach.thingName("pump").principal(certificate));
            ephemeral.iot().deleteThing(delete -> delete.thingName("pump"));
            ephemeral.cloud().cloud().readStateAgain();
        }

        assertThat(pump.files().thing()).content().isEqualTo(before);
        assertThat(pump.files().privateKey()).exists();
    }
}
