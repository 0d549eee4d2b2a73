package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.simulator.behaviour.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iot.model.AttributePayload;
import software.amazon.awssdk.services.iot.model.DescribeThingResponse;
import software.amazon.awssdk.services.iot.model.GroupNameAndArn;
import software.amazon.awssdk.services.iot.model.JobExecutionStatus;
import software.amazon.awssdk.services.iot.model.Policy;
import software.amazon.awssdk.services.iotdataplane.model.GetRetainedMessageResponse;

/** A state directory with rows of every service, which this version or an earlier one wrote, serves today's local cloud.
 *
 * <p>A test writes such a directory anew and leaves it in {@code target/kept-state}; the README beside the kept one says
 * when that takes its place.
 */
class KeptStateIT {
    private static final Path KEPT = Path.of("src", "test", "resources", "kept-state");
    private static final Path ANEW = Path.of("target", "kept-state");

    /** What a start writes for a while or for others. */
    private static final List<String> NOT_KEPT = List.of("env", "lock", "running", "token");

    private static final String POLICY = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
            + "\"Action\":\"iot:Connect\",\"Resource\":\"arn:aws:iot:*:*:client/lamp\"}]}";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    /** One of everything. */
    private static void write(SdkCloud on) throws Exception {
        on.cloud().thing("pump");
        on.iot().createThingType(type -> type.thingTypeName("light"));
        on.iot()
                .createThing(thing -> thing.thingName("lamp")
                        .thingTypeName("light")
                        .attributePayload(AttributePayload.builder()
                                .attributes(Map.of("floor", "1"))
                                .build()));
        String certificate = on.iot()
                .createKeysAndCertificate(keys -> keys.setAsActive(true))
                .certificateArn();
        on.iot().createPolicy(policy -> policy.policyName("lamps").policyDocument(POLICY));
        on.iot().attachPolicy(attach -> attach.policyName("lamps").target(certificate));
        on.iot().attachThingPrincipal(attach -> attach.thingName("lamp").principal(certificate));
        on.iot().createThingGroup(group -> group.thingGroupName("cellar"));
        on.iot().addThingToThingGroup(add -> add.thingGroupName("cellar").thingName("lamp"));
        on.update("lamp", null, "{\"state\":{\"desired\":{\"on\":true},\"reported\":{\"on\":false}}}");
        on.update("lamp", "config", "{\"state\":{\"desired\":{\"unit\":\"lux\"}}}");
        on.data()
                .publish(publish ->
                        publish.topic("lamp/status").qos(1).retain(true).payload(SdkCloud.bytes("dark")));
        on.iot()
                .createJob(job ->
                        job.jobId("update-1").targets(on.arn("thing/lamp")).document("{\"operation\":\"update\"}"));
        on.iot()
                .createCommand(command -> command.commandId("dim")
                        .payload(payload ->
                                payload.content(SdkCloud.bytes("{\"level\":5}")).contentType("application/json")));
    }

    private static String principalOf(SdkCloud on, String thing) {
        return on.iot()
                .listThingPrincipals(list -> list.thingName(thing))
                .principals()
                .getFirst();
    }

    private static void check(SdkCloud on) throws Exception {
        DescribeThingResponse lamp = on.iot().describeThing(thing -> thing.thingName("lamp"));
        assertThat(lamp.thingTypeName()).isEqualTo("light");
        assertThat(lamp.attributes()).containsEntry("floor", "1");
        String certificate = principalOf(on, "lamp");
        assertThat(on.iot()
                        .listAttachedPolicies(list -> list.target(certificate))
                        .policies())
                .extracting(Policy::policyName)
                .containsExactly("lamps");
        assertThat(on.iot().getPolicy(policy -> policy.policyName("lamps")).policyDocument())
                .isEqualTo(POLICY);
        assertThat(on.iot()
                        .listThingGroupsForThing(list -> list.thingName("lamp"))
                        .thingGroups())
                .extracting(GroupNameAndArn::groupName)
                .containsExactly("cellar");
        assertThat(on.shadow("lamp", null).at("/state/delta/on").booleanValue()).isTrue();
        assertThat(on.shadow("lamp", "config").at("/state/desired/unit").textValue())
                .isEqualTo("lux");
        GetRetainedMessageResponse retained = on.data().getRetainedMessage(get -> get.topic("lamp/status"));
        assertThat(retained.payload().asUtf8String()).isEqualTo("dark");
        assertThat(on.iot().getJobDocument(get -> get.jobId("update-1")).document())
                .isEqualTo("{\"operation\":\"update\"}");
        assertThat(on.iot()
                        .describeJobExecution(get -> get.jobId("update-1").thingName("lamp"))
                        .execution()
                        .status())
                .isEqualTo(JobExecutionStatus.QUEUED);
        assertThat(on.iot()
                        .getCommand(get -> get.commandId("dim"))
                        .payload()
                        .content()
                        .asUtf8String())
                .isEqualTo("{\"level\":5}");
        DeviceSettings pump = DeviceSettings.of(
                SimulatedDevices.login(on.cloud().cloud(), on.cloud().thing("pump")));
        on.cloud().device(pump.withMqtt(MqttVersion.MQTT_5), Behaviour.honest(), CommandListener.none());
        assertThat(TestCloud.result(on.cloud().get("target=pump&method=echo&request=hi&timeout=10")))
                .isEqualTo("ok");
    }

    /** What was kept goes on: numbers are the next ones, and things can be deleted. */
    private static void change(SdkCloud on) throws Exception {
        on.update("lamp", null, "{\"state\":{\"reported\":{\"on\":true}},\"version\":1}");
        assertThat(on.shadow("lamp", null).path("version").intValue()).isEqualTo(2);
        on.iot().cancelJob(cancel -> cancel.jobId("update-1"));
        String certificate = principalOf(on, "lamp");
        on.iot().detachThingPrincipal(detach -> detach.thingName("lamp").principal(certificate));
        on.iot().deleteThing(delete -> delete.thingName("lamp"));
    }

    @Test
    void directory_of_an_earlier_version_is_opened_and_goes_on() throws Exception {
        Path state = directory.resolve("state");
        StateCopy.of(KEPT, state);
        byte[] authority = Files.readAllBytes(state.resolve("ca.pem"));

        try (SdkCloud on = SdkCloud.start(state)) {
            check(on);
            change(on);
        }

        assertThat(Files.readAllBytes(state.resolve("ca.pem"))).isEqualTo(authority);
    }

    @Test
    void directory_of_this_version_is_as_the_kept_one() throws Exception {
        remove(ANEW);
        Files.createDirectories(ANEW.getParent());
        try (SdkCloud on = SdkCloud.start(ANEW)) {
            write(on);
        }
        for (String name : NOT_KEPT) {
            Files.deleteIfExists(ANEW.resolve(name));
        }
        Path state = directory.resolve("state");
        StateCopy.of(ANEW, state);

        try (SdkCloud on = SdkCloud.start(state)) {
            check(on);
        }
    }

    private static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
