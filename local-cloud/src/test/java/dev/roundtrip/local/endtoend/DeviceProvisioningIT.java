package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.operation.CertificatePort;
import dev.roundtrip.device.operation.RotateCertificate;
import dev.roundtrip.device.provisioning.FleetProvisioning;
import dev.roundtrip.device.provisioning.Provisioned;
import dev.roundtrip.device.provisioning.ProvisioningException;
import dev.roundtrip.device.transport.ConnectionTrial;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.DeviceCharacter;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.work.Rotation;
import dev.roundtrip.simulator.work.SimulatedWork;
import dev.roundtrip.simulator.work.WorkFault;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.CreateProvisioningClaimResponse;
import software.amazon.awssdk.services.iot.model.JobExecution;
import software.amazon.awssdk.services.iot.model.JobExecutionStatus;

/** Devices that get their identity from the real service of fleet provisioning, with a claim certificate. */
class DeviceProvisioningIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String EVERYTHING = "{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}";

    private static final String TEMPLATE = """
            {"Parameters":{"SerialNumber":{"Type":"String"}},
             "Resources":{
               "thing":{"Type":"AWS::IoT::Thing","Properties":{
                 "ThingName":{"Fn::Join":["",["pump_",{"Ref":"SerialNumber"}]]}}},
               "certificate":{"Type":"AWS::IoT::Certificate","Properties":{
                 "CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"Active"}},
               "policy":{"Type":"AWS::IoT::Policy","Properties":{"PolicyDocument":{
                 "Version":"2012-10-17","Statement":[STATEMENTS]}}}},
             "DeviceConfiguration":{"Site":"north"}}
            """.replace("STATEMENTS", EVERYTHING);

    private static final String FILTER = "arn:aws:iot:eu-central-1:000000000000:topicfilter";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static IotClient control;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Login claim;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(directory.resolve("state"));
        Credentials keys = cloud.cloud().state().credentials();
        control = IotClient.builder()
                .endpointOverride(URI.create(
                        "http://127.0.0.1:" + cloud.cloud().apiEndpoint().getPort()))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey())))
                .httpClient(new JdkSdkClient())
                .build();
        var unused = control.createProvisioningTemplate(request -> request.templateName("pumps")
                .templateBody(TEMPLATE)
                .provisioningRoleArn("arn:aws:iam::000000000000:role/provisioning")
                .enabled(true));
        CreateProvisioningClaimResponse claimed =
                control.createProvisioningClaim(request -> request.templateName("pumps"));
        Path certificate = Files.writeString(directory.resolve("claim.pem"), claimed.certificatePem());
        Path key = Files.writeString(
                directory.resolve("claim.key"), claimed.keyPair().privateKey());
        claim = new Login(
                new Target("claim-1"),
                Endpoint.of(cloud.cloud().iotEndpoint()),
                new TlsFiles(cloud.cloud().state().authorityFile(), certificate, key));
    }

    @AfterAll
    static void stop() {
        control.close();
        cloud.close();
    }

    private static FleetProvisioning provisioning(String serial) {
        return FleetProvisioning.by(claim, "pumps", directory.resolve("identity-" + serial))
                .with("SerialNumber", serial);
    }

    private static Device device(Provisioned pump, SimulatedWork work) throws Exception {
        return Device.connect(
                DeviceSettings.of(pump.login()),
                DeviceCharacter.of(Behaviour.honest()).working(work));
    }

    private static SimulatedWork rotating(String serial) {
        return new SimulatedWork(directory.resolve("files-" + serial), SimulatedWork.Commands.IGNORED, WorkFault.NONE)
                .rotating(new Rotation() {
                    @Override
                    public CertificatePort of(Target device, Runnable restart) throws Exception {
                        return provisioning(serial).rotation(restart);
                    }

                    @Override
                    public void starts(Target device) throws Exception {
                        assertThat(provisioning(serial)
                                        .provision(PATIENCE)
                                        .login()
                                        .clientId())
                                .isEqualTo(device);
                    }
                });
    }

    private static void awaitSuccess(String jobId, String thing, String document) {
        JobExecution ended = ended(jobId, thing, document);
        assertThat(ended.status()).isEqualTo(JobExecutionStatus.SUCCEEDED);
    }

    private static JobExecution ended(String jobId, String thing, String document) {
        var unused = control.createJob(request -> request.jobId(jobId)
                .targets("arn:aws:iot:eu-central-1:000000000000:thing/" + thing)
                .document(document));
        return await().atMost(PATIENCE)
                .until(
                        () -> control.describeJobExecution(
                                        request -> request.jobId(jobId).thingName(thing))
                                .execution(),
                        execution -> execution.status() != JobExecutionStatus.QUEUED
                                && execution.status() != JobExecutionStatus.IN_PROGRESS);
    }

    @Test
    void device_registers_itself_and_renews_its_certificate() throws Exception {
        Provisioned pump = provisioning("7").provision(PATIENCE);

        assertThat(pump.login().clientId()).isEqualTo(new Target("pump_7"));
        assertThat(pump.configuration()).isEqualTo(Map.of("Site", "north"));
        assertThat(provisioning("7").provision(PATIENCE)).isEqualTo(pump);
        String before = Files.readString(pump.login().tls().certificate());
        SimulatedWork work = rotating("7");
        try (Device device = device(pump, work)) {
            device.awaitReady(PATIENCE);
            awaitSuccess("adds", "pump_7", "{\"operation\":\"invoke\",\"method\":\"add\",\"request\":[1,2]}");
            awaitSuccess("rotates", "pump_7", "{\"operation\":\"rotate-certificate\"}");
        }
        assertThat(Files.readString(pump.login().tls().certificate())).isNotEqualTo(before);
        assertThat(control.listThingPrincipals(request -> request.thingName("pump_7"))
                        .principals())
                .hasSize(2);
    }

    @Test
    void trial_of_a_certificate_works_although_the_device_takes_its_name_back_in_the_middle() throws Exception {
        Provisioned pump = provisioning("10").provision(PATIENCE);
        List<String> filters = Collections.nCopies(
                        50, RotateCertificate.filters(pump.login().clientId()))
                .stream()
                .flatMap(List::stream)
                .toList();
        try (Device device = device(pump, SimulatedWork.NONE)) {
            device.awaitReady(PATIENCE);

            assertThat(ConnectionTrial.works(pump.login(), filters, PATIENCE)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            connects      | {"Effect":"Allow","Action":"iot:Connect","Resource":"*"}
            hears-of-jobs | ALL,{"Effect":"Deny","Action":"iot:Subscribe","Resource":"FILTER/*/update/accepted"}
            """)
    void certificate_that_can_do_no_job_is_not_adopted_and_the_record_names_it(String serial, String policy)
            throws Exception {
        Provisioned pump = provisioning(serial).provision(PATIENCE);
        String before = Files.readString(pump.login().tls().certificate());
        String template =
                TEMPLATE.replace(EVERYTHING, policy.replace("ALL", EVERYTHING).replace("FILTER", FILTER));
        var unused = control.createProvisioningTemplateVersion(
                request -> request.templateName("pumps").templateBody(template).setAsDefault(true));
        try (Device device = device(pump, rotating(serial))) {
            device.awaitReady(PATIENCE);

            JobExecution rotated =
                    ended("cannot-work-" + serial, "pump_" + serial, "{\"operation\":\"rotate-certificate\"}");

            assertThat(rotated.statusDetails().detailsMap().get("reason")).contains("not subscribe");
            assertThat(rotated.status()).isEqualTo(JobExecutionStatus.FAILED);
            String leftOver = rotated.statusDetails().detailsMap().getOrDefault("certificateId", "none");
            assertThat(control.listThingPrincipals(request -> request.thingName("pump_" + serial))
                            .principals())
                    .hasSize(2)
                    .anyMatch(principal -> principal.endsWith("cert/" + leftOver));
            assertThat(Files.readString(pump.login().tls().certificate())).isEqualTo(before);
            awaitSuccess(
                    "adds-again-" + serial,
                    "pump_" + serial,
                    "{\"operation\":\"invoke\",\"method\":\"add\",\"request\":[1,2]}");
        } finally {
            var unusedToo = control.createProvisioningTemplateVersion(request ->
                    request.templateName("pumps").templateBody(TEMPLATE).setAsDefault(true));
        }
    }

    @Test
    void registration_that_the_service_refuses_leaves_no_identity_and_no_thing() {
        FleetProvisioning nameless = FleetProvisioning.by(claim, "pumps", directory.resolve("identity-none"));

        assertThatThrownBy(() -> nameless.provision(PATIENCE))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("RegisterThing is refused");

        assertThat(directory.resolve("identity-none/thing.json")).doesNotExist();
        assertThat(directory.resolve("identity-none/certificate.pem")).doesNotExist();
    }
}
