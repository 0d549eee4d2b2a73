package dev.roundtrip.local.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.StoredUser;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplacementTest {
    private static final ClientPrefix GATEWAY = new ClientPrefix("gw");
    private static final Target PUMP = new Target("pump");
    private static final UserName ALICE = new UserName("alice");
    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"*"}]}
            """;
    private static final int REPLACEMENTS = 200;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temporary;

    @SuppressWarnings("NullAway.Init") // set before each test
    private StateDirectory state;

    @BeforeEach
    void open() throws Exception {
        state = StateDirectory.open(temporary.resolve("state"));
    }

    private interface Replacing {
        void once() throws Exception;
    }

    /** Replaces again and again on another thread, as long as the given thing is done here. */
    private static void during(Replacing replacing, Replacing meanwhile) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (var executor = java.util.concurrent.Executors.newSingleThreadExecutor()) {
            var replacements = executor.submit(() -> {
                try {
                    for (int i = 0; i < REPLACEMENTS; i++) {
                        replacing.once();
                    }
                } finally {
                    ended.set(true);
                }
                return null;
            });
            while (!ended.get()) {
                meanwhile.once();
            }
            replacements.get();
        }
    }

    @Test
    void caller_is_known_at_every_moment_of_a_new_policy() throws Exception {
        Credentials key = state.caller(ALICE, POLICY).credentials();

        during(() -> state.caller(ALICE, POLICY), () -> {
            assertThat(state.findCaller(ALICE)).map(StoredUser::credentials).contains(key);
            assertThat(state.callerNames()).containsExactly(ALICE);
        });
    }

    @Test
    void thing_is_found_at_every_moment_of_its_replacement() throws Exception {
        state.provision(PUMP, GATEWAY);

        during(() -> state.replace(PUMP, GATEWAY), () -> {
            assertThat(state.find(PUMP)).isPresent();
            assertThat(state.things()).hasSize(1);
        });
    }

    @Test
    void thing_is_found_in_the_moment_between_the_old_directory_and_the_new_one() throws Exception {
        CertificateId old = state.provision(PUMP, GATEWAY).certificateId();
        Path things = temporary.resolve("state/things");

        Files.move(things.resolve("pump"), things.resolve(".replaced~pump"));

        assertThat(state.find(PUMP)).map(Thing::certificateId).contains(old);
        assertThat(state.find(PUMP).orElseThrow().files().certificate())
                .isEqualTo(things.resolve("pump/certificate.pem"));
        assertThat(state.things()).hasSize(1);
    }

    @Test
    void replacement_that_a_crash_cut_short_is_undone() throws Exception {
        CertificateId old = state.provision(PUMP, GATEWAY).certificateId();
        Credentials key = state.caller(ALICE, POLICY).credentials();
        Path things = temporary.resolve("state/things");
        Path callers = temporary.resolve("state/callers");
        Files.move(things.resolve("pump"), things.resolve(".replaced~pump"));
        Files.move(callers.resolve("alice"), callers.resolve(".replaced~alice"));

        StateDirectory reopened = StateDirectory.open(temporary.resolve("state"));

        assertThat(things.resolve("pump")).isDirectory();
        assertThat(things.resolve(".replaced~pump")).doesNotExist();
        assertThat(reopened.find(PUMP)).map(Thing::certificateId).contains(old);
        assertThat(reopened.findCaller(ALICE)).map(StoredUser::credentials).contains(key);
    }

    @Test
    void replacement_that_a_crash_left_untidy_is_tidied() throws Exception {
        CertificateId kept = state.provision(PUMP, GATEWAY).certificateId();
        Path old = Files.createDirectory(
                temporary.resolve("state/things/.replaced~pump"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        StateDirectory reopened = StateDirectory.open(temporary.resolve("state"));

        assertThat(old).doesNotExist();
        assertThat(reopened.find(PUMP)).map(Thing::certificateId).contains(kept);
    }

    @Test
    void thing_that_lacks_a_file_is_mended_by_its_replacement() throws Exception {
        for (String file : new String[] {"thing.json", "policy.json", "certificate.pem", "private.key"}) {
            Thing thing = state.provision(PUMP, GATEWAY);
            Files.delete(thing.files().directory().resolve(file));

            Thing mended = state.replace(PUMP, GATEWAY);

            assertThat(Optional.of(mended).map(Thing::certificateId))
                    .isEqualTo(state.find(PUMP).map(Thing::certificateId));
            assertThat(mended.files().directory().resolve(file)).exists();
        }
    }

    @Test
    void caller_that_lacks_a_file_is_told_what_mends_it() throws Exception {
        Path policy = state.caller(ALICE, POLICY).files().policy();
        Files.delete(policy);

        assertThatThrownBy(() -> state.findCaller(ALICE))
                .isInstanceOf(StateException.class)
                .hasMessage(policy + " is missing; put it back, or run local-cloud caller alice --policy FILE");
    }
}
