package dev.roundtrip.local.iot.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.roundtrip.local.iot.registry.GatewayRole.Delivery;
import dev.roundtrip.local.iot.registry.GatewayRole.PresenceQueries;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What works here works on AWS, and what AWS denies is denied here: the policies are the same. */
class PolicyDocumentsTest {
    private static final ClientPrefix PREFIX = new ClientPrefix("gw");

    /** The longest document of an AWS IoT policy, without white space; source: AWS IoT Core quotas, "Policy document
     * size".
     */
    private static final int MAX_IOT_POLICY = 2048;

    private static Map<String, String> parameters(Map<String, String> more) {
        Map<String, String> parameters = new HashMap<>(more);
        parameters.put("AWS::Partition", "aws");
        parameters.put("AWS::Region", "*");
        parameters.put("AWS::AccountId", Account.ID);
        parameters.put("ClientIDPrefix", PREFIX.value());
        return parameters;
    }

    @ParameterizedTest
    @CsvSource({"PUBLISH, DENY", "PUBLISH, ALLOW", "DIRECT, DENY", "DIRECT, ALLOW"})
    void gateway_has_the_rights_of_the_template_for_each_of_its_parameters(Delivery delivery, PresenceQueries queries)
            throws Exception {
        RenderedTemplate template = new RenderedTemplate(
                Path.of("../template.yaml"),
                parameters(Map.of(
                        "Delivery", delivery.name().toLowerCase(Locale.ROOT),
                        "PresenceQueries", queries.name().toLowerCase(Locale.ROOT))));

        JsonNode here = Json.mapper().readTree(PolicyDocuments.ofGateway(new GatewayRole(PREFIX, delivery, queries)));

        ArrayNode onAws = Json.mapper().createArrayNode();
        for (JsonNode policy : template.properties("InvokeRole").path("Policies")) {
            if (!policy.path("PolicyName").asText().equals("log")) {
                onAws.addAll((ArrayNode) policy.path("PolicyDocument").path("Statement"));
            }
        }
        assertThat(here.path("Statement")).isEqualTo(onAws);
    }

    @Test
    void device_has_the_rights_of_its_template() throws Exception {
        RenderedTemplate template =
                new RenderedTemplate(Path.of("../device-simulator/template.yaml"), parameters(Map.of()));

        JsonNode here = Json.mapper().readTree(PolicyDocuments.ofThing(PREFIX));

        assertThat(here).isEqualTo(template.properties("DevicePolicy").path("PolicyDocument"));
    }

    @Test
    void policy_of_a_device_is_no_longer_than_aws_takes_whatever_the_prefix() throws Exception {
        ClientPrefix longest = new ClientPrefix("p".repeat(ClientPrefix.MAX_LENGTH));

        String document = Json.mapper()
                .readTree(PolicyDocuments.ofThing(longest))
                .toString()
                .replace("arn:aws:iot:*:", "arn:aws-us-gov:iot:ap-southeast-5:");

        assertThat(document.length()).isLessThanOrEqualTo(MAX_IOT_POLICY);
    }
}
