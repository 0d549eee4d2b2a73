package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.DeviceBuilder;
import dev.roundtrip.device.RoundtripDevice;
import dev.roundtrip.device.command.ExecutionResult;
import dev.roundtrip.device.job.JobResult;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.device.operation.StepOutcome;
import dev.roundtrip.device.operation.Steps;
import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.DeviceCharacter;
import dev.roundtrip.simulator.Fleet;
import dev.roundtrip.simulator.SimulatedShadows;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.work.SimulatedWork;
import dev.roundtrip.simulator.work.WorkFault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.GetCommandExecutionResponse;
import software.amazon.awssdk.services.iot.model.JobExecution;
import software.amazon.awssdk.services.iotdataplane.IotDataPlaneClient;
import software.amazon.awssdk.services.iotjobsdataplane.IotJobsDataPlaneClient;

/** Devices that take jobs and commands from the real services, with the policy that {@code provision} writes: what the
 * cloud's record says is what the device's ledger says.
 */
class DeviceWorkIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ARN = "arn:aws:iot:eu-central-1:000000000000:";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static IotClient control;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static IotJobsDataPlaneClient commands;

    /** What the device has done, in order. */
    private final Queue<String> ledger = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(directory.resolve("state"));
        control = app(IotClient.builder());
        commands = app(IotJobsDataPlaneClient.builder());
    }

    @AfterAll
    static void stop() {
        control.close();
        commands.close();
        cloud.close();
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C app(B builder) {
        Credentials keys = cloud.cloud().state().credentials();
        return builder.endpointOverride(URI.create(
                        "http://127.0.0.1:" + cloud.cloud().apiEndpoint().getPort()))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey())))
                .httpClient(new JdkSdkClient())
                .build();
    }

    private DeviceBuilder device(String name) throws Exception {
        return RoundtripDevice.of(SimulatedDevices.login(cloud.cloud(), cloud.thing(name)))
                .store(directory.resolve(name + ".journal"))
                .on("add", Integer.class, (number, call) -> {
                    ledger.add("add " + number);
                    return number + 1;
                })
                .on("break", (request, call) -> {
                    ledger.add("break");
                    throw new MethodFailedException("stuck", "it does not turn");
                });
    }

    private static void job(String id, String thing, String document) {
        var unused = control.createJob(
                request -> request.jobId(id).targets(ARN + "thing/" + thing).document(document.replace('\'', '"')));
    }

    private static JobExecution job(String id, String thing) {
        return control.describeJobExecution(request -> request.jobId(id).thingName(thing))
                .execution();
    }

    private static void awaitJob(String id, String thing, String status) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(job(id, thing).statusAsString()).isEqualTo(status));
    }

    private static Map<String, String> details(String id, String thing) {
        return job(id, thing).statusDetails().detailsMap();
    }

    private static String command(String id, String thing, String payload) {
        String arn = control.createCommand(request -> request.commandId(id)
                        .namespace("AWS-IoT")
                        .payload(content -> content.content(SdkBytes.fromUtf8String(payload.replace('\'', '"')))
                                .contentType("application/json")))
                .commandArn();
        return commands.startCommandExecution(request -> request.commandArn(arn)
                        .targetArn(ARN + "thing/" + thing)
                        .executionTimeoutSeconds(60L))
                .executionId();
    }

    private static GetCommandExecutionResponse execution(String id, String thing) {
        return control.getCommandExecution(request ->
                request.executionId(id).targetArn(ARN + "thing/" + thing).includeResult(true));
    }

    private static void awaitCommand(String id, String thing, String status) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(execution(id, thing).statusAsString()).isEqualTo(status));
    }

    @Test
    void job_and_command_succeed_and_fail_as_the_methods_do() throws Exception {
        try (RoundtripDevice device = device("pump-1")
                .jobs(jobs -> {})
                .command(execution -> {
                    String does = execution.json().path("do").asText();
                    ledger.add(does);
                    return does.equals("turn")
                            ? ExecutionResult.succeeded().with("turns", true)
                            : ExecutionResult.failed("STUCK", "it does not turn");
                })
                .connect()) {
            device.awaitReady(PATIENCE);

            job("adds", "pump-1", "{'operation':'invoke','method':'add','request':1}");
            awaitJob("adds", "pump-1", "SUCCEEDED");
            job("breaks", "pump-1", "{'operation':'invoke','method':'break'}");
            awaitJob("breaks", "pump-1", "FAILED");
            job("none", "pump-1", "{'operation':'fly'}");
            awaitJob("none", "pump-1", "REJECTED");
            String turns = command("turns", "pump-1", "{'do':'turn'}");
            awaitCommand(turns, "pump-1", "SUCCEEDED");
            String stuck = command("stuck", "pump-1", "{'do':'push'}");
            awaitCommand(stuck, "pump-1", "FAILED");

            assertThat(ledger).containsExactly("add 1", "break", "turn", "push");
            assertThat(details("adds", "pump-1")).containsEntry("response", "2");
            assertThat(details("breaks", "pump-1"))
                    .containsEntry("code", "stuck")
                    .containsEntry("reason", "it does not turn");
            assertThat(Objects.requireNonNull(
                                    execution(turns, "pump-1").result().get("turns"))
                            .b())
                    .isTrue();
            assertThat(execution(stuck, "pump-1").statusReason().reasonCode()).isEqualTo("STUCK");
        }
    }

    @Test
    void job_that_is_cancelled_in_the_middle_stops_and_the_next_one_runs() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        try (RoundtripDevice device = device("pump-2")
                .jobs(jobs -> jobs.on("wait", execution -> {
                    ledger.add("begins");
                    began.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        ledger.add("stops");
                    }
                    return JobResult.succeeded();
                }))
                .connect()) {
            device.awaitReady(PATIENCE);
            job("waits", "pump-2", "{'operation':'wait'}");
            await().atMost(PATIENCE).until(() -> began.getCount() == 0);
            job("follows", "pump-2", "{'operation':'invoke','method':'add','request':1}");

            var unused = control.cancelJobExecution(
                    request -> request.jobId("waits").thingName("pump-2").force(true));

            awaitJob("follows", "pump-2", "SUCCEEDED");
            assertThat(ledger).containsExactly("begins", "stops", "add 1");
            assertThat(job("waits", "pump-2").statusAsString()).isEqualTo("CANCELED");
        }
    }

    @Test
    void power_cut_in_a_method_of_a_job_is_told_and_the_method_does_not_run_again() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        DeviceBuilder pump = device("pump-3").jobs(jobs -> {}).on("flush", (request, call) -> {
            ledger.add("flush");
            began.countDown();
            new CountDownLatch(1).await();
            return "done";
        });
        try (RoundtripDevice device = pump.connect()) {
            device.awaitReady(PATIENCE);
            job("flushes", "pump-3", "{'operation':'invoke','method':'flush'}");
            await().atMost(PATIENCE).until(() -> began.getCount() == 0);
            device.cut();
        }
        assertThat(job("flushes", "pump-3").statusAsString()).isEqualTo("IN_PROGRESS");

        try (RoundtripDevice device = pump.connect()) {
            device.awaitReady(PATIENCE);

            awaitJob("flushes", "pump-3", "FAILED");
            assertThat(details("flushes", "pump-3")).containsEntry("code", "interrupted");
            assertThat(ledger).containsExactly("flush");
        }
    }

    @Test
    void power_cut_in_a_step_is_told_and_no_step_runs_twice() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        DeviceBuilder pump = device("pump-4")
                .jobs(jobs -> jobs.onOther(new Steps()
                        .on("note", step -> {
                            ledger.add(step.name());
                            return StepOutcome.done("");
                        })
                        .on("halt", step -> {
                            ledger.add(step.name());
                            began.countDown();
                            new CountDownLatch(1).await();
                            return StepOutcome.done("");
                        })));
        String step = "{'action':{'name':'%s','type':'runHandler','input':{'handler':'%s'}}}";
        try (RoundtripDevice device = pump.connect()) {
            device.awaitReady(PATIENCE);
            job(
                    "steps",
                    "pump-4",
                    "{'version':'1.0','steps':[" + step.formatted("first", "note") + ","
                            + step.formatted("second", "halt") + "," + step.formatted("third", "note") + "]}");
            await().atMost(PATIENCE).until(() -> began.getCount() == 0);
            device.cut();
        }

        try (RoundtripDevice device = pump.connect()) {
            device.awaitReady(PATIENCE);

            awaitJob("steps", "pump-4", "FAILED");
            assertThat(details("steps", "pump-4").get("reason")).startsWith("interrupted: the step 'second' had begun");
            assertThat(ledger).containsExactly("first", "second");
        }
    }

    @Test
    void command_that_a_power_cut_ends_is_not_told_as_done_and_does_not_run_again() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        DeviceBuilder pump = device("pump-5").command(execution -> {
            ledger.add(execution.id());
            began.countDown();
            new CountDownLatch(1).await();
            return ExecutionResult.succeeded();
        });
        String id;
        try (RoundtripDevice device = pump.connect()) {
            device.awaitReady(PATIENCE);
            id = command("cut", "pump-5", "{}");
            await().atMost(PATIENCE).until(() -> began.getCount() == 0);
            device.cut();
        }

        try (RoundtripDevice device = pump.connect()) {
            device.awaitReady(PATIENCE);

            assertThat(execution(id, "pump-5").statusAsString()).isEqualTo("CREATED");
            assertThat(ledger).containsExactly(id);
        }
    }

    @Test
    void simulated_devices_of_the_cloud_keep_a_shadow_and_take_jobs_over_a_power_cut() throws Exception {
        SimulatedShadows shadow = new SimulatedShadows(
                List.of(""), (property, wanted) -> Optional.of(wanted), SimulatedShadows.Afterwards.KEEP, event -> {});
        DeviceCharacter character = DeviceCharacter.of(Behaviour.honest())
                .keeping(shadow)
                .working(new SimulatedWork(
                                directory.resolve("files"),
                                SimulatedWork.Commands.CARRIED_OUT,
                                new WorkFault(WorkFault.Kind.POWER_CUT, 50, WorkFault.Moment.AFTER))
                        .heardBy((device, jobId, step) -> ledger.add(jobId + " " + step)));
        try (Fleet fleet = SimulatedDevices.connect(cloud.cloud(), List.of(new Target("lamp")), character);
                IotDataPlaneClient shadows = app(IotDataPlaneClient.builder())) {
            assertThat(fleet.devices()).hasSize(1);
            job("work", "lamp", "{'operation':'work','steps':4,'millis':1}");
            awaitJob("work", "lamp", "SUCCEEDED");
            String id = command("lamp-add", "lamp", "{'method':'add','request':[1,2]}");
            awaitCommand(id, "lamp", "SUCCEEDED");
            var unused = shadows.updateThingShadow(request -> request.thingName("lamp")
                    .payload(SdkBytes.fromUtf8String("{\"state\":{\"desired\":{\"on\":true}}}")));

            await().atMost(PATIENCE)
                    .until(() -> shadows.getThingShadow(request -> request.thingName("lamp"))
                            .payload()
                            .asUtf8String()
                            .contains("\"reported\":{\"on\":true"));
            assertThat(details("work", "lamp")).containsEntry("steps", "4").containsEntry("restarts", "1");
            assertThat(ledger).containsExactly("work 1", "work 2", "work 3", "work 4");
            assertThat(Objects.requireNonNull(execution(id, "lamp").result().get("response"))
                            .s())
                    .isEqualTo("3");
        }
    }
}
