package dev.roundtrip.local.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.check.Verdict.Finding;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the check says of a device that answers more than a check keeps. */
class FloodTest {
    private static Report check(int answers, int length) throws Exception {
        Trial trial = new Trial(
                new Target("pump"), new Method("echo"), JsonText.string("hello"), null, Duration.ofSeconds(1));
        return new DeviceCheck(
                        trial,
                        (listener, deadline) -> new FloodedChannel(listener, answers, length),
                        new ClientPrefix("gw"),
                        () -> {})
                .run(verdict -> {});
    }

    @ParameterizedTest
    @CsvSource({
        "101, 10, more than 100 answers came to one request",
        "42, 100000, more than 4 MB of answers came that no request asks for"
    })
    void flood_breaks_the_rule_that_it_meets_and_ends_the_check(int answers, int length, String remark)
            throws Exception {
        Report report = check(answers, length);

        assertThat(report.verdicts().getFirst()).isEqualTo(Verdict.broken(Rule.ANSWERS, remark));
        List<Verdict> others = report.verdicts().subList(1, Rule.values().length);
        assertThat(others).allMatch(verdict -> verdict.finding() == Finding.UNSEEN);
        assertThat(others).allMatch(verdict -> verdict.remark().contains("floods"));
        assertThat(report.isKept(Rule.Level.REQUIRED)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"100, 10", "41, 100000"})
    void many_answers_that_fit_are_too_many_answers_and_no_flood(int answers, int length) throws Exception {
        Report report = check(answers, length);

        assertThat(report.verdicts().getFirst())
                .isEqualTo(Verdict.broken(Rule.ANSWERS, "a second answer came to one request"));
        assertThat(report.verdicts().getLast().remark()).contains("breaks the rule answers");
    }
}
