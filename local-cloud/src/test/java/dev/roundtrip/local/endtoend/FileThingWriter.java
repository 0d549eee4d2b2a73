package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.protocol.Json;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.iot.model.AttributePayload;
import software.amazon.awssdk.services.iot.model.CertificateStatus;

/** Changes a thing that has files, by operations. What is there is what the registry says, and the files say the same.
 */
final class FileThingWriter implements KillableWriter {
    private final Thing thing;
    private final Front front;

    FileThingWriter(Thing thing, Front front) {
        this.thing = thing;
        this.front = front;
    }

    private String name() {
        return thing.name().value();
    }

    private String policy() {
        return name() + ".file";
    }

    @Override
    public Write next(Map<String, String> known, Random random) {
        Map<String, String> after = new TreeMap<>(known);
        String value = String.valueOf(random.nextInt(1_000_000));
        return switch (random.nextInt(3)) {
            case 0 -> {
                after.put("value", value);
                yield new Write(
                        "update thing " + value,
                        after,
                        () -> front.iot()
                                .updateThing(request -> request.thingName(name())
                                        .attributePayload(AttributePayload.builder()
                                                .attributes(Map.of("value", value))
                                                .build())));
            }
            case 1 -> {
                CertificateStatus status =
                        "ACTIVE".equals(known.get("status")) ? CertificateStatus.INACTIVE : CertificateStatus.ACTIVE;
                after.put("status", status.toString());
                yield new Write(
                        "update certificate " + status,
                        after,
                        () -> front.iot()
                                .updateCertificate(request -> request.certificateId(
                                                thing.certificateId().value())
                                        .newStatus(status)));
            }
            default -> policy(after, value);
        };
    }

    private Write policy(Map<String, String> after, String value) {
        List<String> versions =
                new ArrayList<>(List.of(after.getOrDefault("versions", "").split(" ")));
        if (versions.size() == 5) {
            String first = versions.removeFirst();
            after.put("versions", String.join(" ", versions));
            return new Write(
                    "delete version " + first,
                    after,
                    () -> front.iot()
                            .deletePolicyVersion(
                                    request -> request.policyName(policy()).policyVersionId(first)));
        }
        String document = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                + "\"Action\":\"iot:Publish\",\"Resource\":\"arn:aws:iot:*:*:topic/" + value + "\"}]}";
        versions.add(String.valueOf(Integer.parseInt(versions.getLast()) + 1));
        after.put("versions", String.join(" ", versions));
        after.put("policy", document);
        return new Write(
                "create policy version " + value,
                after,
                () -> front.iot()
                        .createPolicyVersion(request ->
                                request.policyName(policy()).setAsDefault(true).policyDocument(document)));
    }

    @Override
    public Map<String, String> read() throws Exception {
        Map<String, String> found = new TreeMap<>();
        found.put(
                "value",
                front.iot()
                        .describeThing(request -> request.thingName(name()))
                        .attributes()
                        .getOrDefault("value", ""));
        found.put(
                "status",
                front.iot()
                        .describeCertificate(request ->
                                request.certificateId(thing.certificateId().value()))
                        .certificateDescription()
                        .statusAsString());
        found.put(
                "policy",
                front.iot().getPolicy(request -> request.policyName(policy())).policyDocument());
        found.put(
                "versions",
                front.iot().listPolicyVersions(request -> request.policyName(policy())).policyVersions().stream()
                        .map(version -> Integer.valueOf(version.versionId()))
                        .sorted()
                        .map(String::valueOf)
                        .collect(Collectors.joining(" ")));
        JsonNode file = Json.mapper().readTree(Files.readString(thing.files().thing()));
        assertThat(Map.of(
                        "value", file.path("attributes").path("value").asText(),
                        "status", file.path("certificateStatus").asText(),
                        "policy", Files.readString(thing.files().policy())))
                .as("what the files say")
                .isEqualTo(Map.of(
                        "value", found.get("value"), "status", found.get("status"), "policy", found.get("policy")));
        return found;
    }
}
