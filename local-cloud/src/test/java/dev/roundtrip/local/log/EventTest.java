package dev.roundtrip.local.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.CallLog;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MessageId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventTest {
    private static final Path DOCUMENT = Path.of("../docs/log.md");

    private static String events() {
        return Stream.of(Event.values())
                .map(event -> "| `" + event.word() + "` | "
                        + event.levels().stream().map(Enum::name).collect(Collectors.joining(", ")) + " | "
                        + words(event.always()) + " | " + words(event.sometimes()) + " | " + event.when() + " |")
                .collect(Collectors.joining(
                        "\n", "| event | level | always | where known | when |\n|---|---|---|---|---|\n", "\n"));
    }

    private static String words(List<Member> members) {
        return members.stream().map(member -> '`' + member.word() + '`').collect(Collectors.joining(", "));
    }

    private static String members() {
        return Stream.of(Member.values())
                .map(member -> "| `" + member.word() + "` | "
                        + switch (member.type()) {
                            case TEXT -> "string";
                            case NUMBER -> "number";
                        }
                        + " | " + member.meaning() + " |")
                .collect(Collectors.joining("\n", "| member | type | what it says |\n|---|---|---|\n", "\n"));
    }

    @Test
    void tables_of_the_document_are_those_of_the_code() throws IOException {
        String document = Files.readString(DOCUMENT);

        assertThat(document).as("docs/log.md must have this table of events").contains("\n\n" + events() + "\n");
        assertThat(document).as("docs/log.md must have this table of members").contains("\n\n" + members() + "\n");
        assertThat(document).contains(BoundedLog.MOST + " lines of one kind");
    }

    @Test
    void each_member_belongs_to_an_event() {
        assertThat(Member.values())
                .filteredOn(member ->
                        !List.of(Member.TIME, Member.LEVEL, Member.EVENT).contains(member))
                .allMatch(member -> Stream.of(Event.values()).anyMatch(event -> event.has(member)));
    }

    @Test
    void lines_of_the_function_outside_of_calls_are_as_the_table_says() throws IOException {
        List<String> lines = new ArrayList<>();
        CallLog log = new CallLog(lines::add);

        log.connection("not connected at the start");
        log.defect(MessageId.random(), new IllegalStateException("s3cret"));

        for (String line : lines) {
            assertThat(Event.problems(Json.mapper().readTree(line))).as(line).isEmpty();
        }
        assertThat(lines).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"level\":\"INFO\",\"event\":\"nothing\"} | the event is not known",
                "{\"level\":\"INFO\",\"event\":\"state\",\"message\":\"a\"} | the level is not one of the event",
                "{\"level\":\"WARN\",\"event\":\"state\"} | message is missing",
                "{\"level\":\"WARN\",\"event\":\"state\",\"message\":1} | message is of another type",
                "{\"level\":\"WARN\",\"event\":\"state\",\"message\":\"a\",\"b\":1} | a member is not known",
            })
    void line_that_is_not_as_the_table_says_is_found(String line, String problem) throws IOException {
        assertThat(Event.problems(Json.mapper().readTree(line))).containsExactly(problem);
    }
}
