package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.SdkClients.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import dev.roundtrip.local.endtoend.SdkClients.Device;
import dev.roundtrip.local.endtoend.SdkClients.Mqtt;
import dev.roundtrip.local.iot.registry.Thing;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.iot.iotjobs.IotJobsV2Client;
import software.amazon.awssdk.iot.iotjobs.model.DescribeJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.GetPendingJobExecutionsRequest;
import software.amazon.awssdk.iot.iotjobs.model.JobExecutionsChangedEvent;
import software.amazon.awssdk.iot.iotjobs.model.JobExecutionsChangedSubscriptionRequest;
import software.amazon.awssdk.iot.iotjobs.model.JobStatus;
import software.amazon.awssdk.iot.iotjobs.model.NextJobExecutionChangedEvent;
import software.amazon.awssdk.iot.iotjobs.model.NextJobExecutionChangedSubscriptionRequest;
import software.amazon.awssdk.iot.iotjobs.model.RejectedErrorCode;
import software.amazon.awssdk.iot.iotjobs.model.StartNextPendingJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.UpdateJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.V2ErrorResponseException;
import software.amazon.awssdk.services.iot.model.Configuration;
import software.amazon.awssdk.services.iot.model.ConflictException;
import software.amazon.awssdk.services.iot.model.EventType;
import software.amazon.awssdk.services.iot.model.InvalidRequestException;
import software.amazon.awssdk.services.iot.model.InvalidStateTransitionException;
import software.amazon.awssdk.services.iot.model.JobExecutionStatus;
import software.amazon.awssdk.services.iot.model.ManagedJobTemplateSummary;
import software.amazon.awssdk.services.iot.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iotjobsdataplane.model.TerminalStateException;

/** Jobs, with the unmodified clients of AWS's SDK for Java and of the AWS IoT Device SDK. */
class JobSdkIT extends SdkTests {
    private static final String MANAGED = "arn:aws:iot:eu-central-1::jobtemplate/";

    /** A device with the least policy for jobs: the topics of its own jobs. */
    private static Device<IotJobsV2Client> device(String name, Mqtt mqtt) throws Exception {
        return clients.device(
                name,
                mqtt,
                "$aws/things/" + name + "/jobs/*",
                new SdkClients.Service<>(IotJobsV2Client::newFromMqtt5, IotJobsV2Client::newFromMqtt311));
    }

    private static String thing(String name) {
        return control.createThing(request -> request.thingName(name)).thingArn();
    }

    private static void create(String id, String... targets) {
        var unused = control.createJob(
                request -> request.jobId(id).targets(targets).document("{\"do\":\"clean\",\"level\":1.50}"));
    }

    private static String status(String job) {
        return control.describeJob(request -> request.jobId(job)).job().statusAsString();
    }

    private static UpdateJobExecutionRequest update(String thing, String job, JobStatus status) {
        UpdateJobExecutionRequest update = new UpdateJobExecutionRequest();
        update.thingName = thing;
        update.jobId = job;
        update.status = status;
        update.includeJobExecutionState = true;
        return update;
    }

    private static void expectRejected(
            Device<IotJobsV2Client> device, UpdateJobExecutionRequest update, RejectedErrorCode code) {
        assertThatThrownBy(() -> device.client().updateJobExecution(update).get(PATIENCE, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        V2ErrorResponseException.class,
                        rejected -> assertThat(rejected.getModeledError().code).isEqualTo(code));
    }

    @ParameterizedTest
    @EnumSource
    void device_runs_a_job(Mqtt mqtt) throws Exception {
        String name = "pump-" + mqtt.name().toLowerCase(Locale.ROOT);
        String job = "clean-" + name;
        try (Device<IotJobsV2Client> device = device(name, mqtt)) {
            NextJobExecutionChangedSubscriptionRequest onNext = new NextJobExecutionChangedSubscriptionRequest();
            onNext.thingName = name;
            JobExecutionsChangedSubscriptionRequest onChange = new JobExecutionsChangedSubscriptionRequest();
            onChange.thingName = name;
            try (SdkStream<NextJobExecutionChangedEvent> nexts = SdkStream.subscribed(
                            options -> device.client().createNextJobExecutionChangedStream(onNext, options));
                    SdkStream<JobExecutionsChangedEvent> changes = SdkStream.subscribed(
                            options -> device.client().createJobExecutionsChangedStream(onChange, options))) {
                create(job, ROOT + "thing/" + name);

                NextJobExecutionChangedEvent next = nexts.next();
                assertThat(next.execution.jobId).isEqualTo(job);
                assertThat(next.execution.status).isEqualTo(JobStatus.QUEUED);
                assertThat(next.execution.jobDocument).isEqualTo(Map.of("do", "clean", "level", 1.5));
                assertThat(changes.next().jobs).containsOnlyKeys(JobStatus.QUEUED);
                GetPendingJobExecutionsRequest pending = new GetPendingJobExecutionsRequest();
                pending.thingName = name;
                assertThat(device.client().getPendingJobExecutions(pending).get(PATIENCE, TimeUnit.SECONDS).queuedJobs)
                        .hasSize(1);

                StartNextPendingJobExecutionRequest start = new StartNextPendingJobExecutionRequest();
                start.thingName = name;
                start.statusDetails = new HashMap<>(Map.of("step", "1"));
                var started =
                        device.client().startNextPendingJobExecution(start).get(PATIENCE, TimeUnit.SECONDS);
                assertThat(started.execution.status).isEqualTo(JobStatus.IN_PROGRESS);
                assertThat(started.execution.versionNumber).isEqualTo(2);
                UpdateJobExecutionRequest stale = update(name, job, JobStatus.IN_PROGRESS);
                stale.expectedVersion = 1;
                expectRejected(device, stale, RejectedErrorCode.VERSION_MISMATCH);
                DescribeJobExecutionRequest describe = new DescribeJobExecutionRequest();
                describe.thingName = name;
                describe.jobId = job;
                assertThat(device.client()
                                .describeJobExecution(describe)
                                .get(PATIENCE, TimeUnit.SECONDS)
                                .execution
                                .statusDetails)
                        .isEqualTo(Map.of("step", "1"));
                var ended = device.client()
                        .updateJobExecution(update(name, job, JobStatus.SUCCEEDED))
                        .get(PATIENCE, TimeUnit.SECONDS);
                assertThat(ended.executionState.status).isEqualTo(JobStatus.SUCCEEDED);

                assertThat(nexts.next().execution).isNull();
                assertThat(changes.next().jobs).isEmpty();
                expectRejected(
                        device, update(name, job, JobStatus.IN_PROGRESS), RejectedErrorCode.INVALID_STATE_TRANSITION);
                expectRejected(device, update(name, "none", JobStatus.SUCCEEDED), RejectedErrorCode.RESOURCE_NOT_FOUND);
            }
        }
        assertThat(status(job)).isEqualTo("COMPLETED");
        assertThat(control.listJobExecutionsForJobPaginator(request -> request.jobId(job))
                        .executionSummaries())
                .extracting(each -> each.jobExecutionSummary().status())
                .containsExactly(JobExecutionStatus.SUCCEEDED);
    }

    @Test
    void device_runs_a_job_over_https() {
        create("over-https", thing("tank"));

        assertThat(data.getPendingJobExecutions(request -> request.thingName("tank"))
                        .queuedJobs())
                .hasSize(1);
        var started = data.startNextPendingJobExecution(
                request -> request.thingName("tank").statusDetails(Map.of("step", "1")));
        assertThat(started.execution().jobDocument()).isEqualTo("{\"do\":\"clean\",\"level\":1.50}");
        assertThat(data.describeJobExecution(
                                request -> request.thingName("tank").jobId("$next"))
                        .execution()
                        .statusDetails())
                .isEqualTo(Map.of("step", "1"));
        assertThat(data.updateJobExecution(request -> request.thingName("tank")
                                .jobId("over-https")
                                .status("FAILED")
                                .includeJobExecutionState(true))
                        .executionState()
                        .versionNumber())
                .isEqualTo(3);
        assertThatThrownBy(() -> data.describeJobExecution(
                        request -> request.thingName("tank").jobId("over-https")))
                .isInstanceOf(TerminalStateException.class);
        assertThat(control.describeJobExecution(
                                request -> request.thingName("tank").jobId("over-https"))
                        .execution()
                        .status())
                .isEqualTo(JobExecutionStatus.FAILED);
    }

    /** Whoever hears events about jobs, with the certificate of a thing. */
    private static Mqtt5BlockingClient watcher() throws Exception {
        Thing watcher = cloud.thing("watcher");
        cloud.edit(
                watcher.files().policy(),
                policy -> ("{'Version':'2012-10-17','Statement':["
                                + "{'Effect':'Allow','Action':['iot:Connect','iot:Receive'],"
                                + "'Resource':['arn:aws:iot:*:*:client/watcher',"
                                + "'arn:aws:iot:*:*:topic/$aws/events/*']},"
                                + "{'Effect':'Allow','Action':'iot:Subscribe',"
                                + "'Resource':'arn:aws:iot:*:*:topicfilter/$aws/events/*'}]}")
                        .replace('\'', '"'));
        URI endpoint = URI.create("tls://" + cloud.cloud().iotEndpoint());
        Mqtt5BlockingClient client = Mqtt5Client.builder()
                .identifier("watcher")
                .serverHost(endpoint.getHost())
                .serverPort(endpoint.getPort())
                .sslConfig(TestTls.of(watcher.files(), cloud.cloud().state().authorityFile()))
                .buildBlocking();
        client.connect();
        for (String filter : List.of("$aws/events/job/#", "$aws/events/jobExecution/#")) {
            client.subscribeWith()
                    .topicFilter(filter)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
        }
        return client;
    }

    private static List<String> topics(Mqtt5Publishes events, int count) throws InterruptedException {
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Mqtt5Publish event = events.receive(PATIENCE, TimeUnit.SECONDS).orElseThrow();
            topics.add(event.getTopic().toString().replace("$aws/events/", ""));
            assertThat(new String(event.getPayloadAsBytes(), StandardCharsets.UTF_8))
                    .contains("\"eventId\"");
        }
        return topics;
    }

    @Test
    void jobs_are_cancelled_and_deleted_and_events_tell_it() throws Exception {
        Configuration on = Configuration.builder().enabled(true).build();
        var unusedSwitch = control.updateEventConfigurations(
                request -> request.eventConfigurations(Map.of(EventType.JOB, on, EventType.JOB_EXECUTION, on)));
        String valve = thing("valve");
        String gone = thing("gone");
        Mqtt5BlockingClient watcher = watcher();
        try (Mqtt5Publishes events = watcher.publishes(MqttGlobalPublishFilter.ALL)) {
            create("stop-1", valve);
            create("stop-2", valve);
            create("stop-3", gone);
            var unusedStart = data.startNextPendingJobExecution(request -> request.thingName("valve"));

            assertThatThrownBy(() -> create("stop-1", valve)).isInstanceOf(ResourceAlreadyExistsException.class);
            assertThatThrownBy(() -> control.cancelJobExecution(
                            request -> request.thingName("valve").jobId("stop-1")))
                    .isInstanceOf(InvalidStateTransitionException.class);
            assertThatThrownBy(() -> control.deleteJob(request -> request.jobId("stop-2")))
                    .isInstanceOf(InvalidStateTransitionException.class);
            var cancelled = control.cancelJobExecution(
                    request -> request.thingName("valve").jobId("stop-1").force(true));
            assertThat(cancelled.sdkHttpResponse().isSuccessful()).isTrue();
            assertThat(topics(events, 2)).containsExactly("jobExecution/stop-1/canceled", "job/stop-1/completed");
            var cancelledJob =
                    control.cancelJob(request -> request.jobId("stop-2").reasonCode("ENOUGH"));
            assertThat(cancelledJob.jobId()).isEqualTo("stop-2");
            assertThat(topics(events, 3))
                    .containsExactlyInAnyOrder(
                            "job/stop-2/cancellation_in_progress",
                            "jobExecution/stop-2/canceled",
                            "job/stop-2/canceled");
            var deletedThing = control.deleteThing(request -> request.thingName("gone"));
            assertThat(deletedThing.sdkHttpResponse().isSuccessful()).isTrue();
            assertThat(topics(events, 2)).containsExactly("jobExecution/stop-3/removed", "job/stop-3/completed");
            assertThat(control.describeJob(request -> request.jobId("stop-3"))
                            .job()
                            .jobProcessDetails()
                            .numberOfRemovedThings())
                    .isEqualTo(1);

            create("stop-4", valve);
            var deleted = control.deleteJob(request -> request.jobId("stop-4").force(true));
            assertThat(deleted.sdkHttpResponse().isSuccessful()).isTrue();
            assertThat(topics(events, 3))
                    .containsExactly(
                            "job/stop-4/deletion_in_progress", "jobExecution/stop-4/deleted", "job/stop-4/deleted");
            assertThatThrownBy(() -> status("stop-4")).isInstanceOf(ResourceNotFoundException.class);
            assertThat(data.startNextPendingJobExecution(request -> request.thingName("valve"))
                            .execution())
                    .isNull();
            assertThat(status("stop-2")).isEqualTo("CANCELED");
        } finally {
            watcher.disconnect();
        }
    }

    @Test
    void jobs_are_made_from_templates() {
        String lamp = thing("lamp");
        String template = control.createJobTemplate(request -> request.jobTemplateId("dim")
                        .description("Dims")
                        .document("{\"do\":\"dim\"}")
                        .timeoutConfig(timeout -> timeout.inProgressTimeoutInMinutes(5L)))
                .jobTemplateArn();
        assertThatThrownBy(() -> control.createJobTemplate(request ->
                        request.jobTemplateId("dim").description("Dims").document("{}")))
                .isInstanceOf(ConflictException.class);
        var ofTemplate = control.createJob(
                request -> request.jobId("dim-1").targets(lamp).jobTemplateArn(template));
        assertThat(ofTemplate.description()).isEqualTo("Dims");
        assertThat(control.describeJob(request -> request.jobId("dim-1"))
                        .job()
                        .timeoutConfig()
                        .inProgressTimeoutInMinutes())
                .isEqualTo(5);

        assertThat(control.listManagedJobTemplatesPaginator(request -> request.maxResults(3))
                        .managedJobTemplates())
                .extracting(ManagedJobTemplateSummary::templateName)
                .hasSize(8)
                .contains("AWS-Run-Command", "AWS-Reboot");
        assertThat(control.describeManagedJobTemplate(request -> request.templateName("AWS-Download-File"))
                        .documentParameters())
                .hasSize(4);
        String command = MANAGED + "AWS-Run-Command:1.0";
        assertThatThrownBy(() -> control.createJob(
                        request -> request.jobId("run-1").targets(lamp).jobTemplateArn(command)))
                .isInstanceOf(InvalidRequestException.class);
        var managed = control.createJob(request -> request.jobId("run-1")
                .targets(lamp)
                .jobTemplateArn(command)
                .documentParameters(Map.of("command", "echo,\"a\"")));
        assertThat(managed.description()).isEqualTo("A managed job template for running a command.");
        assertThat(control.getJobDocument(request -> request.jobId("run-1")).document())
                .contains("\"command\":\"echo,\\\"a\\\"\"")
                .contains("\"runAsUser\":\"\"");
        assertThat(control.getJobDocument(request -> request.jobId("run-1").beforeSubstitution(true))
                        .document())
                .contains("${aws:iot:parameter:command}");
        var ofJob = control.createJobTemplate(
                request -> request.jobTemplateId("run").description("Runs").jobArn(ROOT + "job/run-1"));
        assertThat(control.listJobTemplatesPaginator(request -> request.maxResults(1))
                        .jobTemplates())
                .extracting(each -> each.jobTemplateArn())
                .containsExactly(template, ofJob.jobTemplateArn());
        var unused = control.deleteJobTemplate(request -> request.jobTemplateId("dim"));
        assertThatThrownBy(() -> control.describeJobTemplate(request -> request.jobTemplateId("dim")))
                .isInstanceOf(ResourceNotFoundException.class);
    }
}
