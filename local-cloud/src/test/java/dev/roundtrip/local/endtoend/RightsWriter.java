package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.ConnectionFailedException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import dev.roundtrip.local.iot.registry.Thing;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import software.amazon.awssdk.services.iot.model.CertificateStatus;

/** Takes a device its rights and gives them back: the status of its certificate, and a policy that allows one topic.
 * Reading them, it connects as the device, which may do what the registry says and nothing else.
 */
final class RightsWriter implements KillableWriter {
    private static final String POLICY = "may-publish";
    private static final String TOPIC = "rights/of/the/device";
    private static final String DOCUMENT = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
            + "\"Action\":\"iot:Publish\",\"Resource\":\"arn:aws:iot:*:*:topic/" + TOPIC + "\"}]}";

    private final Thing thing;
    private final Front front;

    /** @param thing whose files say that it may connect, and not that it may publish to this topic */
    RightsWriter(Thing thing, Front front) {
        this.thing = thing;
        this.front = front;
    }

    @Override
    public Write next(Map<String, String> known, Random random) {
        return random.nextBoolean() ? status(known) : attachment(known);
    }

    Write status(Map<String, String> known) {
        boolean active = "ACTIVE".equals(known.get("certificate"));
        CertificateStatus next = active ? CertificateStatus.INACTIVE : CertificateStatus.ACTIVE;
        Map<String, String> after = new TreeMap<>(known);
        after.put("certificate", next.toString());
        return new Write(
                "certificate " + next,
                after,
                () -> front.iot()
                        .updateCertificate(
                                request -> request.certificateId(id()).newStatus(next)));
    }

    Write attachment(Map<String, String> known) {
        Map<String, String> after = new TreeMap<>(known);
        if (after.remove("attached") != null) {
            return new Write(
                    "detach",
                    after,
                    () -> front.iot()
                            .detachPolicy(request -> request.policyName(POLICY).target(arn())));
        }
        after.put("attached", "");
        return new Write(
                "attach",
                after,
                () -> front.iot()
                        .attachPolicy(request -> request.policyName(POLICY).target(arn())));
    }

    private String arn() {
        return front.iot()
                .listThingPrincipals(request -> request.thingName(thing.name().value()))
                .principals()
                .getFirst();
    }

    private String id() {
        return arn().replaceFirst(".*/", "");
    }

    @Override
    public Map<String, String> read() throws Exception {
        if (front.iot().listPolicies(request -> request.pageSize(250)).policies().stream()
                .noneMatch(policy -> policy.policyName().equals(POLICY))) {
            front.iot().createPolicy(request -> request.policyName(POLICY).policyDocument(DOCUMENT));
        }
        Map<String, String> found = new TreeMap<>();
        String status = front.iot()
                .describeCertificate(request -> request.certificateId(id()))
                .certificateDescription()
                .statusAsString();
        found.put("certificate", status);
        if (front.iot().listAttachedPolicies(request -> request.target(arn())).policies().stream()
                .anyMatch(policy -> policy.policyName().equals(POLICY))) {
            found.put("attached", "");
        }
        assertThat(tried())
                .as("what the device may do with %s", found)
                .isEqualTo(
                        !status.equals("ACTIVE")
                                ? Right.NONE
                                : found.containsKey("attached") ? Right.PUBLISH : Right.CONNECT);
        return found;
    }

    private enum Right {
        NONE,
        CONNECT,
        PUBLISH
    }

    private Right tried() throws Exception {
        Mqtt5BlockingClient device = MqttClient.builder()
                .useMqttVersion5()
                .identifier(thing.name().value())
                .serverHost("127.0.0.1")
                .serverPort(front.devicePort())
                .sslConfig(TestTls.of(thing.files(), front.authority()))
                .buildBlocking();
        try {
            device.connect();
        } catch (Mqtt5ConnAckException | ConnectionFailedException | ConnectionClosedException refused) {
            return Right.NONE;
        }
        try {
            Mqtt5PublishResult result =
                    device.publishWith().topic(TOPIC).qos(MqttQos.AT_LEAST_ONCE).send();
            return result.getError().isEmpty() ? Right.PUBLISH : Right.CONNECT;
        } catch (Mqtt5PubAckException refused) {
            return Right.CONNECT;
        } finally {
            device.disconnect();
        }
    }
}
