package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.endtoend.Programs.Started;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.CreateProvisioningClaimResponse;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;
import software.amazon.awssdk.services.iotjobsdataplane.IotJobsDataPlaneClient;

/** The options of simulated devices, on the command lines of {@code local-cloud start} and of the simulator: jobs,
 * commands, shadows and provisioning.
 */
class DeviceOptionsIT {
    private static final String ARN = "arn:aws:iot:eu-central-1:000000000000:";

    private static final String TEMPLATE = """
            {"Parameters":{"SerialNumber":{"Type":"String"}},
             "Resources":{
               "thing":{"Type":"AWS::IoT::Thing","Properties":{
                 "ThingName":{"Fn::Join":["",["pump-",{"Ref":"SerialNumber"}]]}}},
               "certificate":{"Type":"AWS::IoT::Certificate","Properties":{
                 "CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"Active"}},
               "policy":{"Type":"AWS::IoT::Policy","Properties":{"PolicyDocument":{
                 "Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}}}}}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Programs programs;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Started cloud;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Map<String, String> environment;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static IotClient control;

    @BeforeAll
    static void start() throws Exception {
        programs = new Programs(directory);
        cloud = programs.start(
                Map.of("AWS_REGION", "eu-central-1"),
                "--device=lamp",
                "--device-shadow",
                "--device-jobs=downloads",
                "--device-commands");
        environment = programs.environment();
        control = app(IotClient.builder(), "AWS_ENDPOINT_URL_IOT");
        var unused = control.createProvisioningTemplate(request -> request.templateName("pumps")
                .templateBody(TEMPLATE)
                .provisioningRoleArn("arn:aws:iam::000000000000:role/provisioning")
                .enabled(true));
        CreateProvisioningClaimResponse claim =
                control.createProvisioningClaim(request -> request.templateName("pumps"));
        Files.writeString(directory.resolve("claim.pem"), claim.certificatePem());
        Files.writeString(directory.resolve("claim.key"), claim.keyPair().privateKey());
    }

    @AfterAll
    static void stop() {
        programs.close();
    }

    private static String value(String name) {
        return Objects.requireNonNull(environment.get(name), name);
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C app(
            B builder, String endpoint) {
        return builder.endpointOverride(URI.create(value(endpoint)))
                .region(Region.of(value("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY"))))
                .httpClient(new JdkSdkClient())
                .build();
    }

    private static Map<String, String> succeeded(String id, String thing, String document) {
        var unused = control.createJob(
                request -> request.jobId(id).targets(ARN + "thing/" + thing).document(document.replace('\'', '"')));
        await().atMost(Programs.PATIENCE)
                .untilAsserted(() -> assertThat(control.describeJobExecution(
                                        request -> request.jobId(id).thingName(thing))
                                .execution()
                                .statusAsString())
                        .isEqualTo("SUCCEEDED"));
        return control.describeJobExecution(request -> request.jobId(id).thingName(thing))
                .execution()
                .statusDetails()
                .detailsMap();
    }

    /** The simulator with the claim, until it waits for commands. */
    private static Process simulator(String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "--endpoint=" + value("IOT_ENDPOINT"),
                "--ca=" + value("IOT_CA"),
                "--cert=claim.pem",
                "--key=claim.key",
                "--template=pumps"));
        all.addAll(List.of(more));
        Process simulator = programs.simulator(all.toArray(String[]::new));
        try {
            var unused = Programs.until(simulator.inputReader(), "Waiting for command");
        } catch (AssertionError ended) {
            throw new AssertionError(programs.errors(simulator), ended);
        }
        return simulator;
    }

    private static void end(Process simulator) throws Exception {
        simulator.destroy();
        assertThat(simulator.waitFor(Programs.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(simulator.exitValue()).as(programs.errors(simulator)).isEqualTo(143);
    }

    @Test
    void device_of_start_takes_jobs_and_commands_and_keeps_its_shadow() throws Exception {
        try (IotJobsDataPlaneClient commands =
                        app(IotJobsDataPlaneClient.builder(), "AWS_ENDPOINT_URL_IOT_JOBS_DATA_PLANE");
                IotDataPlaneClient shadows = app(IotDataPlaneClient.builder(), "AWS_ENDPOINT_URL_IOT_DATA_PLANE")) {
            assertThat(succeeded("adds", "lamp", "{'operation':'invoke','method':'add','request':[1,2]}"))
                    .containsEntry("response", "3");

            String arn = control.createCommand(request -> request.commandId("adds")
                            .namespace("AWS-IoT")
                            .payload(payload -> payload.contentType("application/json")
                                    .content(SdkBytes.fromUtf8String("{\"method\":\"add\",\"request\":[2,2]}"))))
                    .commandArn();
            String execution = commands.startCommandExecution(
                            request -> request.commandArn(arn).targetArn(ARN + "thing/lamp"))
                    .executionId();
            await().atMost(Programs.PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    control.getCommandExecution(request -> request.executionId(execution)
                                                    .targetArn(ARN + "thing/lamp")
                                                    .includeResult(true))
                                            .result()
                                            .toString())
                            .contains("S=4"));

            var unused = shadows.updateThingShadow(request -> request.thingName("lamp")
                    .payload(SdkBytes.fromUtf8String("{\"state\":{\"desired\":{\"on\":true}}}")));
            await().atMost(Programs.PATIENCE)
                    .until(() -> shadows.getThingShadow(request -> request.thingName("lamp"))
                            .payload()
                            .asUtf8String()
                            .contains("\"reported\":{\"on\":true"));
            assertThat(cloud.process().isAlive()).isTrue();
        }
    }

    @Test
    void device_that_is_provisioned_is_itself_at_the_next_start_and_renews_its_certificate() throws Exception {
        String[] options = {"--client-id=new-pump", "--identity=identity", "--parameter=SerialNumber=7", "--jobs=files"
        };
        Process first = simulator(options);
        Path certificate = directory.resolve("identity/certificate.pem");
        String before = Files.readString(certificate);
        var unused = succeeded("rotates", "pump-7", "{'operation':'rotate-certificate'}");
        String renewed = Files.readString(certificate);
        end(first);

        assertThat(renewed).isNotEqualTo(before);
        Process second = simulator(options);
        assertThat(Files.readString(certificate)).isEqualTo(renewed);
        assertThat(succeeded("reboots", "pump-7", "{'operation':'reset','kind':'reboot'}"))
                .containsEntry("resetting", "reboot");
        end(second);
        assertThat(control.listThingPrincipals(request -> request.thingName("pump-7"))
                        .principals())
                .hasSize(2);
    }

    @Test
    void several_devices_have_an_identity_and_parameters_of_their_own() throws Exception {
        Process both =
                simulator("--client-id=new", "--count=2", "--identity=own/{name}", "--parameter=SerialNumber={name}");

        assertThat(directory.resolve("own/new-1/thing.json")).content().contains("pump-new-1");
        assertThat(directory.resolve("own/new-2/thing.json")).content().contains("pump-new-2");
        end(both);
    }

    @Test
    void provisioning_that_the_service_refuses_is_one_line_and_exit_1() throws Exception {
        Process simulator = programs.simulator(
                "--endpoint=" + value("IOT_ENDPOINT"),
                "--ca=" + value("IOT_CA"),
                "--cert=claim.pem",
                "--key=claim.key",
                "--client-id=new-pump",
                "--template=pumps",
                "--identity=none");

        assertThat(Programs.output(simulator)).isEmpty();
        assertThat(simulator.exitValue()).isEqualTo(1);
        assertThat(programs.errors(simulator).lines())
                .singleElement()
                .asString()
                .startsWith("device-simulator: ")
                .contains("RegisterThing is refused", "SerialNumber");
        assertThat(directory.resolve("none/thing.json")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--device-shadow", "--device-jobs=downloads", "--device-commands"})
    void option_of_devices_without_a_device_is_refused_and_says_what_to_add(String option) throws Exception {
        Process start = programs.localCloud("start", "--state=other", option);

        assertThat(Programs.output(start)).isEmpty();
        assertThat(start.exitValue()).isEqualTo(2);
        assertThat(programs.errors(start)).contains(option.replaceFirst("=.*", ""), "--device NAME or --devices N");
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @Test
    void file_in_place_of_the_directory_of_jobs_is_refused_before_anything_is_made() throws Exception {
        Process start = programs.localCloud("start", "--state=other", "--device=lamp", "--device-jobs=claim.pem");

        assertThat(Programs.output(start)).isEmpty();
        assertThat(start.exitValue()).isEqualTo(2);
        assertThat(programs.errors(start)).contains("--device-jobs takes a directory, but claim.pem is a file");
        assertThat(directory.resolve("other")).doesNotExist();
    }
}
