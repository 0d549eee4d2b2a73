package dev.roundtrip.things;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;

/** The command line before scripted answers of AWS. */
@Timeout(60)
class ThingsCommandTest {
    @TempDir(factory = InMemory.class)
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path parent;

    private static ScriptedIot iot;

    @SuppressWarnings("NullAway.Init")
    private Path root;

    private String region = "eu-central-1";

    @BeforeAll
    static void start() throws Exception {
        iot = new ScriptedIot();
    }

    @AfterAll
    static void stop() {
        iot.close();
    }

    @BeforeEach
    void begin() {
        iot.reset();
        root = parent.resolve("things");
    }

    private record Ended(int code, String out, String err) {}

    private CommandLine command() {
        return Main.commandLine(new Environment(
                Map.of(), () -> iot.cloud(region, AwsRetryStrategy.doNotRetry()), () -> Set.of(), pause -> {}));
    }

    private Ended help(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = command()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Ended(code, out.toString(), err.toString());
    }

    private Ended run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(1, "--directory=" + root);
        return help(all.toArray(String[]::new));
    }

    @Test
    void things_are_made_and_deleted() throws Exception {
        Ended created = run("create", "--things", "2", "--prefix", "meter");

        assertThat(created.err()).isEmpty();
        assertThat(created.code()).isZero();
        assertThat(created.out())
                .contains("meter_0 to meter_1   2 new, 0 there already")
                .contains("account 123456789012, region eu-central-1");
        assertThat(iot.things).containsOnlyKeys("meter_0", "meter_1");
        Ended cleaned = run("clean");
        assertThat(cleaned).isEqualTo(new Ended(0, "Deleted 2 things, 2 certificates and 1 policy.\n", ""));
        assertThat(iot.isEmpty()).isTrue();
        assertThat(root).doesNotExist();
    }

    @Test
    void directory_is_private_and_keys_are_in_it_alone() throws Exception {
        run("create");

        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
            }
        }
        assertThat(root.resolve("thing_0/private.key")).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(root.resolve("thing_0/thing.json")).content().doesNotContain("PRIVATE");
    }

    @Test
    void directory_that_is_open_to_others_is_refused() throws Exception {
        Files.createDirectory(root);
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));

        Ended ended = run("create");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("is open to others").contains("chmod 700");
        assertThat(iot.things).isEmpty();
    }

    @Test
    void more_things_are_added_to_those_that_are_there() {
        run("create");

        Ended ended = run("create", "--things=3");

        assertThat(ended.out()).contains("2 new, 1 there already");
        assertThat(iot.certificates).hasSize(3);
        assertThat(iot.policies).hasSize(1);
    }

    @Test
    void policy_allows_the_topic_and_the_own_name_alone() {
        run("create", "--topic=plant/meters");

        assertThat(iot.policies.values())
                .singleElement()
                .satisfies(policy -> assertThat(policy)
                        .contains(
                                "arn:aws:iot:eu-central-1:123456789012:client/${iot:Connection.Thing.ThingName}:????????\"")
                        .contains("arn:aws:iot:eu-central-1:123456789012:topic/plant/meters\"")
                        .contains("arn:aws:iot:eu-central-1:123456789012:topic/plant/meters/*\"")
                        .contains("arn:aws:iot:eu-central-1:123456789012:topicfilter/plant/meters/*\"")
                        .doesNotContain("\"*\"", "123456789012:*\""));
    }

    @Test
    void thing_of_somebody_else_stays_as_it_is() {
        iot.things.put("thing_1", Map.of());

        Ended created = run("create", "--things=3");

        assertThat(created.code()).isEqualTo(1);
        assertThat(created.err()).contains("there is a thing thing_1 that").contains("--prefix");
        assertThat(iot.count("CreateCertificateFromCsr")).isEqualTo(1);
        assertThat(run("clean").code()).isZero();
        assertThat(iot.things).containsOnlyKeys("thing_1");
        assertThat(iot.certificates).isEmpty();
    }

    @Test
    void what_somebody_else_attached_is_told_and_stays() {
        run("create");
        String certificate = iot.certificates.keySet().iterator().next();
        iot.attachments.add("policy:theirs " + certificate);

        Ended first = run("clean");
        iot.attachments.clear();
        Ended second = run("clean");

        assertThat(first.code()).isEqualTo(1);
        assertThat(first.out()).isEqualTo("Deleted 1 thing, 0 certificates and 1 policy.\n");
        assertThat(first.err())
                .contains("the certificate of thing_0, " + certificate + ", is not deleted: DeleteConflictException")
                .contains("the same command tries it again");
        assertThat(second.out()).isEqualTo("Deleted 0 things, 1 certificate and 0 policies.\n");
        assertThat(root).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "policy, Deleted 0 things. 0 certificates and 1 policy.",
        "certificates, Deleted 0 things. 1 certificate and 0 policies.",
        "things, Deleted 1 thing. 0 certificates and 0 policies."
    })
    void one_kind_is_deleted_alone_and_made_again(String kind, String said) {
        run("create");

        Ended cleaned = run("clean", "--only=" + kind);

        assertThat(cleaned).isEqualTo(new Ended(0, said.replace("s. ", "s, ").replace("g. ", "g, ") + "\n", ""));
        assertThat(run("create").out()).contains("1 new, 0 there already");
        assertThat(iot.things).hasSize(1);
        assertThat(iot.certificates).hasSize(1);
        assertThat(iot.policies).hasSize(1);
        assertThat(iot.attachments).hasSize(2);
        assertThat(run("clean").code()).isZero();
        assertThat(iot.isEmpty()).isTrue();
    }

    @Test
    void each_kind_in_turn_leaves_nothing() {
        run("create");

        for (String kind : List.of("things", "certificates", "policy")) {
            assertThat(run("clean", "--only", kind).code()).isZero();
        }

        assertThat(iot.isEmpty()).isTrue();
        assertThat(root).doesNotExist();
    }

    @Test
    void things_of_another_region_are_not_forgotten() {
        run("create");
        region = "eu-west-1";

        Ended cleaned = run("clean");
        Ended created = run("create", "--things=2");

        assertThat(List.of(cleaned.code(), created.code())).containsOnly(1);
        assertThat(cleaned.err())
                .contains("are in account 123456789012, region eu-central-1")
                .contains("eu-west-1");
        assertThat(iot.things).hasSize(1);
        assertThat(root).exists();
    }

    @Test
    void what_is_not_allowed_is_told_with_what_to_do() {
        iot.refuse("CreatePolicy"::equals);

        Ended ended = run("create");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .startsWith("things: thing_0 cannot be made: AccessDeniedException: as scripted; things/README.md")
                .contains("run the same command again");
        iot.refuse(operation -> false);
        assertThat(run("create").code()).isZero();
        assertThat(iot.certificates).hasSize(1);
    }

    @Test
    void what_is_not_allowed_to_be_deleted_does_not_stop_the_rest() {
        run("create", "--things=2");
        iot.refuse("DeletePolicy"::equals);

        Ended ended = run("clean");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEqualTo("Deleted 2 things, 2 certificates and 0 policies.\n");
        assertThat(ended.err()).contains("policy things-").contains("AccessDeniedException");
    }

    @Test
    void throttled_request_is_sent_again() throws Exception {
        try (Cloud cloud = iot.cloud(region, null)) {
            iot.throttle(2);

            var made = cloud.once()
                    .createCertificateFromCsr(request -> request.certificateSigningRequest(
                            DeviceKey.generate().signingRequest("a")));

            assertThat(made.certificateId()).hasSize(64);
            assertThat(iot.count("CreateCertificateFromCsr")).isEqualTo(3);
        }
    }

    @Test
    void request_for_a_certificate_whose_answer_is_lost_is_not_sent_again() throws Exception {
        System.setProperty("sun.net.http.retryPost", "false");
        try (Cloud cloud = iot.cloud(region, null)) {
            iot.cut(ScriptedIot.Cut.AFTER, 0);

            assertThat(catchThrowable(() -> cloud.once()
                            .createCertificateFromCsr(request -> request.certificateSigningRequest(
                                    DeviceKey.generate().signingRequest("a")))))
                    .isNotNull();

            assertThat(iot.certificates).hasSize(1);
            assertThat(iot.count("CreateCertificateFromCsr")).isEqualTo(1);
        }
    }

    @Test
    void two_runs_do_not_change_one_directory_at_a_time() throws Exception {
        run("create");
        try (DirectoryLock lock = new ThingsDirectory(root).lock()) {
            Ended ended = run("clean");

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).contains("another things create or clean works in");
        }
        assertThat(run("clean").code()).isZero();
    }

    @Test
    void damaged_record_is_told_with_its_file() throws Exception {
        run("create");
        Files.writeString(root.resolve("thing_0/thing.json"), "{");

        Ended ended = run("clean");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("thing_0/thing.json is damaged");
        assertThat(iot.things).hasSize(1);
    }

    @Test
    void verbs_without_things_say_what_to_do() {
        assertThat(run("clean")).isEqualTo(new Ended(0, "There is nothing to delete in " + root + ".\n", ""));
        for (String verb : List.of("send", "subscribe")) {
            Ended ended = run(verb);
            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).contains("there are no things in " + root).contains("bin/things create");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "create, --things=0, --things must be 1 to",
        "create, --prefix=a/b, a thing's name",
        "create, --topic=$aws/a, --topic",
        "clean, --only=keys, 'policy, certificates or things'",
        "send, --rate=0, --rate must be",
        "send, --rate=NaN, --rate must be",
        "send, --duration=0, --duration must be",
        "subscribe, --duration=-1, --duration must be"
    })
    void wrong_usage_is_told_in_a_line(String verb, String option, String said) {
        Ended ended = run(verb, option);

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).startsWith("things: ").contains(said).contains("Try 'things " + verb + " --help'.");
        assertThat(iot.requests).isEmpty();
    }

    @Test
    void topic_that_the_policy_does_not_allow_is_wrong_usage() {
        run("create");

        assertThat(run("send", "--topic=other").err()).contains("it must be things or begin with things/");
        assertThat(run("subscribe", "--topic=#").code()).isEqualTo(2);
    }

    @Test
    void no_command_is_wrong_usage() {
        assertThat(help().code()).isEqualTo(2);
        assertThat(help().err()).contains("Try 'things --help'.");
    }

    @Test
    void every_command_has_an_example_that_is_not_broken() {
        CommandLine command = command();

        assertThat(help("--help").out().lines()).allMatch(line -> line.length() <= 80);
        for (CommandLine each : command.getSubcommands().values()) {
            if (each.getCommandName().equals("help")) {
                continue;
            }
            String[] footer = each.getCommandSpec().usageMessage().footer();
            assertThat(footer).as(each.getCommandName()).isNotEmpty();
            assertThat(each.getUsageMessage())
                    .contains(Arrays.stream(footer)
                            .map(line -> line.replace("${ROOT-COMMAND-NAME}", "things"))
                            .collect(Collectors.joining(System.lineSeparator())));
        }
    }

    @Test
    void thing_cannot_take_the_client_ids_of_one_whose_name_goes_on_after_its_own() {
        run("create");

        String policy = iot.policies.values().iterator().next();
        String allowed = policy.replaceFirst("(?s).*:client/([^\"]*)\".*", "$1")
                .replace("${iot:Connection.Thing.ThingName}", "a")
                .replace("?", ".")
                .replace("*", ".*");

        assertThat(ThingLogin.clientId("a", ThingLogin.newRun()).value()).matches(allowed);
        assertThat(ThingLogin.clientId("a:b", ThingLogin.newRun()).value()).doesNotMatch(allowed);
    }

    @Test
    void record_is_read_when_no_other_run_works_with_it() throws Exception {
        run("create");
        try (DirectoryLock lock = new ThingsDirectory(root).lock()) {
            Files.writeString(root.resolve("directory.json"), "{");

            assertThat(run("clean").err()).contains("another things create or clean works in");
        }
    }

    @Test
    void certificates_that_cannot_be_looked_for_do_not_stop_the_rest() {
        iot.cut(ScriptedIot.Cut.BEFORE, 2);
        run("create", "--things=2");
        iot.mend();
        run("create", "--things=2");
        int made = iot.certificates.size();
        iot.refuse("ListCertificates"::equals);

        Ended ended = run("clean");

        assertThat(made).isEqualTo(2);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEqualTo("Deleted 2 things, 2 certificates and 1 policy.\n");
        assertThat(ended.err())
                .contains("certificates that a stopped run asked for cannot be looked for: AccessDeniedException");
        iot.refuse(name -> false);
        assertThat(run("clean").code()).isZero();
        assertThat(root).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"'{} x', is not JSON", "'{}{}', is not JSON", "'{', is not JSON", "'', is empty"})
    void message_that_is_not_one_json_value_is_not_sent(String text, String said) throws Exception {
        run("create");
        Path file = Files.writeString(parent.resolve("message.json"), text);

        Ended ended = run("send", "--json-message=" + file);

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains(said);
    }
}
