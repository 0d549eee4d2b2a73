package dev.roundtrip.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.device.responder.Desk;
import dev.roundtrip.device.responder.Limits;
import dev.roundtrip.protocol.AnswerMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documentation shows is what {@link Examples} compiles. */
class ExamplesTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/roundtrip/device");
    private static final Path PAGE = Path.of("../docs/device.md");
    private static final Pattern EXAMPLE = Pattern.compile("// example: (\\w+)\\R(.*?)// end", Pattern.DOTALL);

    private static Map<String, String> examples() throws Exception {
        Map<String, String> examples = new TreeMap<>();
        Matcher found = EXAMPLE.matcher(Files.readString(Path.of("src/test/java/dev/roundtrip/device/Examples.java")));
        while (found.find()) {
            examples.put(found.group(1), plain(found.group(2)));
        }
        return examples;
    }

    /** Without the stars of a comment, and with one space for each white space. */
    private static String plain(String text) {
        return text.replaceAll("(?m)^\\s*\\*( |$)", "").replaceAll("\\s+", " ").strip();
    }

    @ParameterizedTest
    @CsvSource({
        "failures, method/MethodHandler.java",
        "deadline, method/Call.java",
        "order, DeviceBuilder.java",
        "others, DeviceBuilder.java",
        "listeners, DeviceListeners.java",
        "clock, DeviceBuilder.java",
        "shadow, DeviceBuilder.java",
        "command, DeviceBuilder.java",
        "jobs, DeviceBuilder.java",
        "download, operation/Download.java",
        "steps, operation/Steps.java",
        "provision, provisioning/FleetProvisioning.java"
    })
    void javadoc_shows_what_compiles(String example, String source) throws Exception {
        assertThat(plain(Files.readString(SOURCES.resolve(source))))
                .contains(examples().get(example));
    }

    @Test
    void page_shows_what_compiles() throws Exception {
        assertThat(examples()).hasSize(13);
        assertThat(plain(Files.readString(PAGE))).contains(examples().values());
    }

    @Test
    void device_of_the_page_has_less_than_twenty_lines() throws Exception {
        Matcher first = EXAMPLE.matcher(Files.readString(Path.of("src/test/java/dev/roundtrip/device/Examples.java")));

        assertThat(first.find()).isTrue();
        assertThat(first.group(2).lines()).hasSizeLessThan(20);
    }

    @Test
    void methods_of_the_examples_do_what_the_page_says() throws Exception {
        Examples examples = new Examples();
        DeviceBuilder device = examples.others(
                        examples.order(examples.listen(examples.clocks(RoundtripDevice.named("lamp")))))
                .on("do", Examples.Start.class, examples::open);
        try (Desk desk = new Desk(Limits.DEFAULT, device.handler())) {
            desk.ask("{\"rpm\":900}");
            assertThat(desk.nextMessage()).isInstanceOf(AnswerMessage.Answered.class);
            desk.ask("{\"rpm\":9001}");
            assertThat(desk.nextMessage()).isInstanceOf(AnswerMessage.Answered.class);
            desk.ask("{\"rpm\":1}");
            assertThat(desk.nextMessage()).isInstanceOf(AnswerMessage.Failed.class);
        }
        DeviceBuilder flushing = RoundtripDevice.named("lamp").on("do", Examples.Start.class, examples::flush);
        try (Desk desk = new Desk(Limits.DEFAULT, flushing.handler())) {
            desk.ask("{\"rpm\":1}");
            assertThat(desk.nextMessage()).isInstanceOf(AnswerMessage.Answered.class);
        }
    }
}
