package dev.roundtrip.local.iot.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateLock;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.protocol.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a thing that are read while an operation of the control plane writes them. */
class ThingFileExchangeTest {
    private static final Target PUMP = new Target("pump");
    private static final String ID = "ab".repeat(32);
    private static final String POLICY = "{\"Version\":\"2012-10-17\",\"Statement\":"
            + "[{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}]}";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final Interleaved tables = new Interleaved();
    private final Registry registry = new Registry(tables, new Account("eu-central-1"), InstantSource.system());
    private final CertificateRegistry certificates = new CertificateRegistry(registry);
    private final List<String> complaints = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private ThingFileExchange exchange;

    /** A store in which something happens before a write. */
    private static final class Interleaved implements TableStore {
        private final TableStore tables = new InMemoryTables();
        private Runnable before = () -> {};

        @Override
        public <T, E extends Exception> T read(Work<Snapshot, T, E> work) throws E {
            return tables.read(work);
        }

        @Override
        public <T, E extends Exception> T write(Work<Transaction, T, E> work) throws E {
            Runnable once = before;
            before = () -> {};
            once.run();
            return tables.write(work);
        }

        @Override
        public void close() {
            tables.close();
        }
    }

    @BeforeEach
    void takeOver() throws Exception {
        Things things = new Things(directory.resolve("things"));
        exchange = new ThingFileExchange(
                things,
                registry,
                ThingFileExchange.Direction.BOTH,
                new StateLock(directory.resolve("lock")),
                complaints::add);
        registry.listen(exchange);
        Files.createDirectories(things.files(PUMP).directory());
        write(CertificateStatus.ACTIVE, POLICY);
        exchange.read(PUMP);
    }

    private void write(CertificateStatus status, String policy) throws Exception {
        ThingFiles files = new Things(directory.resolve("things")).files(PUMP);
        ThingRecord entry =
                new ThingRecord(PUMP, "", Map.of(), new CertificateId(ID), status, Attachment.EXCLUSIVE_THING);
        PrivateFiles.write(files.thing(), entry.toJson());
        PrivateFiles.write(files.policy(), policy);
    }

    private void update(CertificateStatus status) {
        try {
            certificates.update(ID, status);
        } catch (RegistryException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void operation_between_the_reading_of_files_and_their_import_is_not_undone() throws Exception {
        write(CertificateStatus.ACTIVE, POLICY.replace("iot:*", "iot:Connect"));
        tables.before = () -> update(CertificateStatus.INACTIVE);

        exchange.read(PUMP);

        assertThat(certificates.get(ID).status()).isEqualTo(CertificateStatus.INACTIVE);
        assertThat(complaints).isEmpty();
    }

    @Test
    void thing_that_is_deleted_between_the_reading_of_its_files_and_their_import_stays_deleted() throws Exception {
        new Attachments(registry).detachThing("pump", registry.account().certificateArn(ID));
        write(CertificateStatus.ACTIVE, POLICY.replace("iot:*", "iot:Connect"));
        tables.before = () -> {
            try {
                new ThingRegistry(registry).delete("pump", null);
            } catch (RegistryException impossible) {
                throw new IllegalStateException(impossible);
            }
        };

        exchange.read(PUMP);

        assertThat(new ThingRegistry(registry).has("pump")).isFalse();
        assertThat(Files.exists(directory.resolve("things").resolve("pump"))).isFalse();
    }

    @Test
    void edit_of_one_file_leaves_what_operations_changed_of_the_other() throws Exception {
        update(CertificateStatus.INACTIVE);
        ThingFiles files = new Things(directory.resolve("things")).files(PUMP);
        String said = Files.readString(files.thing());

        PrivateFiles.write(files.policy(), POLICY.replace("iot:*", "iot:Connect"));
        exchange.read(PUMP);

        assertThat(said).contains("INACTIVE");
        assertThat(certificates.get(ID).status()).isEqualTo(CertificateStatus.INACTIVE);
        assertThat(new PolicyRegistry(registry).get("pump.file").current().document())
                .contains("iot:Connect");
    }
}
