package dev.roundtrip.local.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Attachments;
import dev.roundtrip.local.iot.registry.CertificateRegistry;
import dev.roundtrip.local.iot.registry.GatewayRole;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.registry.ThingFileExchange;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.SqliteTables;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry in a file, from one start to the next, with files of things beside it. */
class RegistryRestartTest {
    private static final ClientPrefix PREFIX = new ClientPrefix("roundtrip");
    private static final Registry.Page ALL = new Registry.Page("", 10);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private StateDirectory state;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Thing pump;

    private final List<String> complaints = new CopyOnWriteArrayList<>();

    @BeforeEach
    void provision() throws Exception {
        state = StateDirectory.open(directory.resolve("state"));
        pump = state.provision(new Target("pump"), PREFIX);
    }

    /** What is done while the cloud runs. */
    @FunctionalInterface
    private interface Run {
        void with(Registry registry, StatePrincipals principals) throws Exception;
    }

    private void run(String region, Run run) throws Exception {
        try (TableStore tables = SqliteTables.at(state.path().resolve("store.db"))) {
            Registry registry = new Registry(tables, new Account(region), InstantSource.system());
            try (StatePrincipals principals = StatePrincipals.open(
                    state, GatewayRole.of(PREFIX), registry, ThingFileExchange.Direction.BOTH, complaints::add)) {
                run.with(registry, principals);
            }
        }
    }

    private String id() {
        return pump.certificateId().value();
    }

    @Test
    void change_by_an_operation_outlives_the_process_although_its_file_is_older() throws Exception {
        String before = Files.readString(pump.files().thing());
        run("us-east-1", (registry, principals) -> {
            new CertificateRegistry(registry).update(id(), CertificateStatus.INACTIVE);
            assertThat(pump.files().thing()).content().contains("INACTIVE");
        });

        run(
                "us-east-1",
                (registry, principals) ->
                        assertThat(principals.certificate(id())).isEmpty());
        Files.writeString(pump.files().thing(), before);

        run(
                "us-east-1",
                (registry, principals) ->
                        assertThat(principals.certificate(id())).isPresent());
    }

    @FunctionalInterface
    private interface Unheard {
        void with(Registry registry) throws Exception;
    }

    /** What a process did that died before it wrote the files. */
    private void unheard(Unheard run) throws Exception {
        try (TableStore tables = SqliteTables.at(state.path().resolve("store.db"))) {
            run.with(new Registry(tables, new Account("us-east-1"), InstantSource.system()));
        }
    }

    @Test
    void change_that_the_files_lack_is_written_at_the_next_start() throws Exception {
        run("us-east-1", (registry, principals) -> {});
        unheard(registry -> new CertificateRegistry(registry).update(id(), CertificateStatus.INACTIVE));
        assertThat(pump.files().thing()).content().doesNotContain("INACTIVE");

        run("us-east-1", (registry, principals) -> {
            assertThat(principals.certificate(id())).isEmpty();
            assertThat(pump.files().thing()).content().contains("INACTIVE");
        });
    }

    @Test
    void thing_whose_deletion_was_cut_off_is_gone_with_its_files_and_leaves_its_certificate() throws Exception {
        run("us-east-1", (registry, principals) -> {});
        unheard(registry -> {
            new Attachments(registry).detachThing("pump", registry.account().certificateArn(id()));
            new ThingRegistry(registry).delete("pump", null);
        });

        run("us-east-1", (registry, principals) -> {
            assertThat(pump.files().directory()).doesNotExist();
            assertThat(new ThingRegistry(registry).list(ALL, thing -> true).entries())
                    .isEmpty();
            assertThat(new CertificateRegistry(registry).get(id()).id()).isEqualTo(id());
        });
    }

    @Test
    void attachments_count_after_a_start_in_another_region() throws Exception {
        run("us-east-1", (registry, principals) -> {
            new ThingRegistry(registry).create("valve", "", Map.of());
        });

        run("eu-central-1", (registry, principals) -> {
            String arn = registry.account().certificateArn(id());
            assertThat(principals.certificate(id()).orElseThrow().policies()).hasSize(1);
            assertThat(new Attachments(registry).principals("pump", ALL).entries())
                    .extracting(Attachments.Attached::name)
                    .containsExactly(arn);
            assertThat(new ThingRegistry(registry).get("valve").version()).isEqualTo(1);
        });
    }

    @Test
    void thing_whose_directory_was_removed_while_nothing_ran_is_gone() throws Exception {
        run(
                "us-east-1",
                (registry, principals) ->
                        assertThat(principals.certificate(id())).isPresent());
        try (var files = Files.list(pump.files().directory())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(pump.files().directory());

        run("us-east-1", (registry, principals) -> {
            assertThat(principals.certificate(id())).isEmpty();
            assertThat(new ThingRegistry(registry).list(ALL, thing -> true).entries())
                    .isEmpty();
        });
    }

    @Test
    void file_that_does_not_parse_leaves_the_thing_as_it_was_at_the_next_start_too() throws Exception {
        run("us-east-1", (registry, principals) -> {});
        Files.writeString(pump.files().policy(), "{");

        run(
                "us-east-1",
                (registry, principals) -> assertThat(
                                principals.certificate(id()).orElseThrow().policies())
                        .hasSize(1));

        assertThat(complaints).singleElement().asString().contains("policy.json");
    }
}
