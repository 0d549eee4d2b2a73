package dev.roundtrip.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
    @TempDir
    Path repository;

    private void report(String module, String kind, String tests) throws Exception {
        Path folder = Files.createDirectories(repository.resolve(module).resolve("target/" + kind + "-reports"));
        Files.writeString(folder.resolve("TEST-" + module + kind + ".xml"), "<testsuite>" + tests + "</testsuite>");
    }

    @Test
    void slowest_tests_of_all_modules_come_first() throws Exception {
        // given
        report("one", "surefire", "<testcase name='quick' classname='a.b.OneTest' time='0.01'/>");
        report("two", "failsafe", "<testcase name='slow' classname='a.b.TwoIT' time='1,234.5'/>");

        // when
        List<String> lines = Tables.lines(Reports.read(repository, Instant.EPOCH));

        // then
        assertThat(lines)
                .containsSequence("The slowest of 2 tests:", "  1234.5 s  TwoIT.slow", "     0.0 s  OneTest.quick")
                .contains("No test was skipped.");
    }

    @Test
    void no_more_than_twenty_are_named() throws Exception {
        List<Outcome> outcomes = IntStream.range(0, 50)
                .mapToObj(i -> new Outcome("T.t" + i, i, null))
                .toList();

        assertThat(Tables.lines(outcomes))
                .filteredOn(line -> line.contains(" s  T.t"))
                .hasSize(20);
    }

    @Test
    void skipped_tests_stand_under_their_reason() throws Exception {
        // given
        report("one", "surefire", """
                <testcase name='a' classname='T' time='0'><skipped message='Assumption failed: no curl'/></testcase>
                <testcase name='b' classname='T' time='0'>
                  <skipped message='org.opentest4j.TestAbortedException: Assumption failed: no curl&#10;at x'/></testcase>
                <testcase name='' classname='U' time='0'><skipped message=''/></testcase>
                """);

        // when
        List<String> lines = Tables.lines(Reports.read(repository, Instant.EPOCH));

        // then
        assertThat(lines)
                .containsSequence(
                        "Skipped, and why:", "  no curl", "      T.a", "      T.b", "  no reason is given", "      U");
    }

    @Test
    void reports_of_an_earlier_build_do_not_count() throws Exception {
        report("one", "surefire", "<testcase name='a' classname='T' time='0'/>");

        assertThat(Reports.read(repository, Instant.now().plus(Duration.ofHours(1))))
                .isEmpty();
    }
}
