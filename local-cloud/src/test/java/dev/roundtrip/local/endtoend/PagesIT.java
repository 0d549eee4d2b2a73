package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;

/** The walk-throughs of docs/, line by line, against one local cloud. Each makes what it needs, says what one sees, and
 * deletes what it made.
 */
class PagesIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private static IotClient registry;

    /** A page with a walk-through.
     *
     * @param file in docs/
     * @param programs that its lines need beside the AWS CLI
     * @param prints what is seen, among other lines
     */
    record Page(String file, List<String> programs, List<String> prints) {
        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Page> pages() {
        return Stream.of(
                new Page(
                        "aws-commands.md",
                        List.of("jq"),
                        List.of("SUCCEEDED\t3", "SUCCEEDED\t\"hello\"", "\"executionId\":")),
                new Page(
                        "fleet-jobs.md",
                        List.of("jq", "python3", "openssl", "curl"),
                        List.of("pressure=3", "\"SUCCEEDED\"", "\"device\": \"pump-7\"")),
                new Page("jobs.md", List.of(), List.of("\"clean-1\"", "COMPLETED", "\"jobId\": \"list-1\"")),
                new Page(
                        "provisioning.md",
                        List.of("jq", "mosquitto_rr", "mosquitto_pub"),
                        List.of(
                                "\"PENDING_ACTIVATION\"",
                                "{\"deviceConfiguration\":{\"interval\":\"60\"},\"thingName\":\"meter-1\"}",
                                "\"serial\": \"1\"")),
                new Page(
                        "registry.md",
                        List.of("jq", "mosquitto_pub"),
                        List.of("\"thingName\": \"meter-1\"", "\"policyName\": \"meters\"")),
                new Page(
                        "sample.md",
                        List.of("jq"),
                        List.of("\"endpointAddress\": \"127.0.0.1:", "\"result\":\"ok\"", "Your request was 'hello'.")),
                new Page(
                        "shadow.md",
                        List.of("jq", "mosquitto_rr"),
                        List.of(
                                "\"state\":{\"on\":true}",
                                "\"state\":{\"desired\":{\"on\":true},\"reported\":{\"on\":true}}",
                                "\"delta\":{\"unit\":\"bar\"}",
                                "\"results\": [")),
                new Page(
                        "things.md",
                        List.of("jq", "mosquitto_pub"),
                        List.of(
                                "Acknowledged   30",
                                "things/thing_0 {\"thing\":\"thing_0\",\"number\":1,",
                                "Deleted 4 things, 4 certificates and 1 policy.",
                                "\"policyName\": \"policy-thing_0\"")));
    }

    @BeforeAll
    static void start() throws Exception {
        PageRunner.requireCli();
        cloud = TestCloud.start(directory.resolve(".local-cloud"));
        var unused = cloud.cloud().writeEnvironment();
        var credentials = cloud.cloud().state().credentials();
        registry = IotClient.builder()
                .endpointOverride(
                        URI.create(cloud.cloud().apiEndpoint().resolve("/").toString()))
                .region(Region.of(cloud.cloud().state().account().region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey())))
                .httpClient(new JdkSdkClient())
                .build();
    }

    @AfterAll
    static void stop() {
        if (cloud != null) {
            registry.close();
            cloud.close();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void lines_of_a_page_do_what_it_says_and_leave_nothing(Page page) throws Exception {
        for (String program : page.programs()) {
            Runtimes.require(program);
        }
        int logged = cloud.log().size();
        List<String> before = files();

        String printed = new PageRunner(directory).run(page.file());

        assertThat(printed).contains(page.prints());
        assertThat(cloud.log().stream().skip(logged)).noneMatch(line -> line.contains("refused"));
        assertThat(registry.listThings().things()).isEmpty();
        assertThat(registry.listCertificates().certificates()).isEmpty();
        assertThat(registry.listPolicies().policies()).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    /** What is in the directory, without what the runner puts there. */
    private static List<String> files() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("bin"))
                    .sorted()
                    .toList();
        }
    }
}
