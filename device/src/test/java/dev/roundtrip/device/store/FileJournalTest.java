package dev.roundtrip.device.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.protocol.WireId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
    private static final Target LAMP = new Target("lamp");
    private static final Lane LANE = new Lane(new Method("work"), new Epoch("first"), 7, MessageId.random());
    private static final List<Entry> ENTRIES = List.of(
            new Entry.Opened(new Epoch("first")),
            new Entry.Counted(new Lane(new Method("other"), new Epoch("first"), 0, null)),
            new Entry.Begun(
                    WireId.of(".abcdefgh2/" + MessageId.random()),
                    new RequestKey("k".repeat(43), "d".repeat(43), 600, RequestKey.Replay.OR_RUN),
                    LANE,
                    Instant.ofEpochMilli(1_800_000_000_123L)),
            new Entry.Begun(WireId.of(".abcdefgh2/" + MessageId.random()), null, LANE, Instant.ofEpochMilli(0)),
            new Entry.Ended(MessageId.random(), new Outcome.Returned(json("{\"a\":\n 1.0}")), Instant.ofEpochMilli(5)),
            new Entry.Ended(
                    MessageId.random(),
                    new Outcome.Failed(new DeviceError("jammed", "the \"door\"\nis jammed \u2028")),
                    Instant.ofEpochMilli(6)),
            new Entry.Withdrawn(MessageId.random(), LANE),
            new Entry.Withdrawn(MessageId.random(), null));

    @TempDir
    private Path directory;

    private final List<String> troubles = new ArrayList<>();

    private static JsonText json(String text) {
        try {
            return JsonText.parse(text.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedJsonException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Path file() {
        return directory.resolve("lamp.journal");
    }

    private FileJournal open() throws IOException {
        return FileJournal.open(file(), LAMP, troubles::add);
    }

    /** A file with all kinds of entries. */
    private void write() throws IOException {
        try (FileJournal journal = open()) {
            journal.replace(ENTRIES.subList(0, 2));
            for (Entry entry : ENTRIES.subList(2, ENTRIES.size())) {
                journal.append(List.of(entry));
            }
        }
    }

    private List<Entry> read() throws IOException {
        try (FileJournal journal = open()) {
            return journal.earlier();
        }
    }

    @Test
    void every_entry_is_read_as_it_was_written() throws Exception {
        write();

        assertThat(read()).isEqualTo(ENTRIES);
        assertThat(troubles).isEmpty();
    }

    @Test
    void file_is_for_its_owner_alone_also_when_it_was_written_anew() throws Exception {
        write();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");

        try (FileJournal journal = open()) {
            journal.replace(ENTRIES);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void half_a_line_at_the_end_is_cut_off_and_the_next_entry_takes_its_place() throws Exception {
        write();
        byte[] whole = Files.readAllBytes(file());
        int lastLine =
                new String(whole, StandardCharsets.ISO_8859_1).stripTrailing().lastIndexOf('\n') + 1;

        for (int length : new int[] {lastLine + 1, lastLine + 20, whole.length - 1}) {
            Files.write(file(), Arrays.copyOf(whole, length));
            try (FileJournal journal = open()) {
                assertThat(journal.isDamaged()).isFalse();
                assertThat(journal.earlier()).isEqualTo(ENTRIES.subList(0, ENTRIES.size() - 1));
                journal.append(List.of(ENTRIES.getLast()));
            }
            assertThat(read()).isEqualTo(ENTRIES);
        }
        assertThat(troubles).isEmpty();
    }

    @Test
    void zeros_at_the_end_are_told_and_cut_off() throws Exception {
        write();
        byte[] whole = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(whole, whole.length + 5_000));

        try (FileJournal journal = open()) {
            assertThat(journal.isDamaged()).isTrue();
            assertThat(journal.earlier()).isEqualTo(ENTRIES);
        }
        assertThat(Files.size(file())).isEqualTo(whole.length);
        assertThat(troubles).singleElement().asString().contains("1 lines of", "new epoch");
    }

    @Test
    void file_of_zeros_is_damaged_and_a_cut_off_header_is_not() throws Exception {
        Files.write(file(), new byte[10]);
        try (FileJournal journal = open()) {
            assertThat(journal.isDamaged()).isTrue();
            assertThat(journal.earlier()).isEmpty();
        }

        Files.writeString(file(), "roundtrip-dev");
        try (FileJournal journal = open()) {
            assertThat(journal.isDamaged()).isFalse();
        }
    }

    @Test
    void last_line_that_is_whole_and_cannot_be_read_is_told() throws Exception {
        write();
        List<String> lines = Files.readAllLines(file());
        lines.set(lines.size() - 1, lines.getLast().replace("withdrawn", "withdrawm"));
        Files.write(file(), lines);

        try (FileJournal journal = open()) {
            assertThat(journal.isDamaged()).isTrue();
            assertThat(journal.earlier()).isEqualTo(ENTRIES.subList(0, ENTRIES.size() - 1));
        }
        assertThat(troubles).singleElement().asString().contains("1 lines of", "new epoch");
    }

    @Test
    void line_in_the_middle_that_cannot_be_read_is_told_and_the_others_count() throws Exception {
        write();
        List<String> lines = Files.readAllLines(file());
        lines.set(4, lines.get(4).replace("deadline", "deadlime"));
        Files.write(file(), lines);

        try (FileJournal journal = open()) {
            assertThat(journal.isDamaged()).isTrue();
            assertThat(journal.earlier()).hasSize(ENTRIES.size() - 1);
        }
        assertThat(troubles).singleElement().asString().contains("1 lines of", "new epoch");
    }

    /** Whatever is on the disk, the device starts, or says what is wrong. */
    @Property(tries = 200)
    void damaged_file_is_read_or_refused(@ForAll @IntRange(min = 0, max = 100_000) int at, @ForAll byte damage)
            throws Exception {
        try (OwnDirectory directory = OwnDirectory.create()) {
            damage(directory.path().resolve("lamp.journal"), at, damage);
        }
    }

    private static void damage(Path file, int at, byte damage) throws IOException {
        try (FileJournal journal = FileJournal.open(file, LAMP, trouble -> {})) {
            journal.replace(ENTRIES);
        }
        byte[] whole = Files.readAllBytes(file);
        whole[at % whole.length] = damage;
        Files.write(file, whole);

        try (FileJournal journal = FileJournal.open(file, LAMP, trouble -> {})) {
            assertThat(journal.earlier()).isSubsetOf(ENTRIES);
            assertThat(journal.earlier()).hasSizeGreaterThanOrEqualTo(ENTRIES.size() - 2);
        } catch (IOException refused) {
            assertThat(refused.getMessage()).contains("lamp.journal");
        }
    }

    @Test
    void file_of_another_device_or_of_another_kind_is_refused() throws Exception {
        write();
        assertThatThrownBy(() -> FileJournal.open(file(), new Target("pump"), troubles::add))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is the journal of lamp, not of pump");

        Files.writeString(file(), "something else\n");
        assertThatThrownBy(this::open).hasMessageContaining("no journal");
    }

    @Test
    void file_is_used_by_one_device_at_a_time() throws Exception {
        try (FileJournal journal = open()) {
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("another device uses");
            assertThat(journal.earlier()).isEmpty();
        }
        assertThat(read()).isEmpty();
    }

    /** Another process, which opens the journal, and ends with 0 when it may. */
    static final class OtherProcess {
        private OtherProcess() {}

        public static void main(String[] arguments) throws IOException {
            FileJournal.open(Path.of(arguments[0]), LAMP, trouble -> {}).close();
        }

        static int open(Path file) throws Exception {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            OtherProcess.class.getName(),
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it did not end");
            }
            return process.exitValue();
        }
    }

    @Test
    void refused_second_device_leaves_the_file_to_the_first() throws Exception {
        Path otherName = directory.resolve("lamp").resolve("..").resolve("lamp.journal");
        Files.createDirectory(directory.resolve("lamp"));
        try (FileJournal journal = open()) {
            for (Path name : List.of(file(), otherName)) {
                assertThatThrownBy(() -> FileJournal.open(name, LAMP, troubles::add))
                        .hasMessageContaining("another device uses");
            }

            journal.replace(ENTRIES);
            assertThat(OtherProcess.open(file())).isNotZero();
        }
        assertThat(OtherProcess.open(file())).isZero();
    }

    @Test
    void second_close_does_nothing() throws Exception {
        FileJournal first = open();
        first.close();
        try (FileJournal second = open()) {
            first.close();

            assertThatThrownBy(this::open).hasMessageContaining("another device uses");
            assertThat(second.earlier()).isEmpty();
        }
    }

    @Test
    void long_file_is_replaced_by_one_with_what_still_counts() throws Exception {
        Entry last = ENTRIES.getLast();
        try (FileJournal journal = open()) {
            journal.replace(List.of(ENTRIES.getFirst()));
            for (int i = 0; i < 10_000; i++) {
                journal.append(List.of(ENTRIES.get(2)));
                journal.shorten(() -> List.of(ENTRIES.getFirst(), last));
            }
        }

        assertThat(Files.size(file())).isLessThan(300 << 10);
        assertThat(read()).startsWith(ENTRIES.getFirst(), last);
    }

    @Test
    void interrupt_of_the_thread_that_writes_harms_nothing() throws Exception {
        try (FileJournal journal = open()) {
            journal.replace(ENTRIES.subList(0, 1));
            Thread.currentThread().interrupt();
            journal.append(List.of(ENTRIES.get(1)));
            journal.replace(ENTRIES.subList(0, 2));

            assertThat(Thread.interrupted()).isTrue();
            journal.append(List.of(ENTRIES.get(2)));
        }
        assertThat(read()).isEqualTo(ENTRIES.subList(0, 3));
    }

    @Test
    void file_that_cannot_be_written_is_told_at_the_start() {
        assertThatThrownBy(() -> FileJournal.open(directory.resolve("missing/lamp.journal"), LAMP, troubles::add))
                .isInstanceOf(IOException.class);
    }
}
