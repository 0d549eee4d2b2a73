package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roundtrip.local.iot.registry.ThingFiles;
import dev.roundtrip.local.users.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** AWS's unmodified SDKs for JavaScript, as app and as device: registry, shadow, jobs,
 * provisioning and commands.
 */
class NodeSdkIT extends ExamplePrograms {
    private static final Path DIRECTORY = Path.of("src/test/node").toAbsolutePath();
    private static final List<String> INSTALLED =
            List.of("aws-iot-device-sdk-v2", "@aws-sdk/client-iot-jobs-data-plane");
    private static final String POLICY = "{\"Version\":\"2012-10-17\",\"Statement\":["
            + "{\"Effect\":\"Allow\",\"Action\":\"iot:Connect\",\"Resource\":\"arn:aws:iot:*:*:client/THING\"},"
            + "{\"Effect\":\"Allow\",\"Action\":[\"iot:Publish\",\"iot:Receive\"],"
            + "\"Resource\":\"arn:aws:iot:*:*:topic/$aws/things/THING/*\"},"
            + "{\"Effect\":\"Allow\",\"Action\":\"iot:Subscribe\","
            + "\"Resource\":\"arn:aws:iot:*:*:topicfilter/$aws/things/THING/*\"}]}";

    @ParameterizedTest
    @ValueSource(strings = {"5", "3"})
    void app_and_device_find_registry_shadow_and_jobs_as_on_aws(String mqtt) throws Exception {
        String thing = "pump-" + mqtt;
        ThingFiles files = cloud.thing(thing).files();
        cloud.edit(files.policy(), policy -> POLICY.replace("THING", thing));

        expectAllAsOnAws(
                "sdk.mjs",
                mqtt,
                thing,
                cloud.cloud().iotEndpoint(),
                cloud.cloud().state().authorityFile().toString(),
                files.certificate().toString(),
                files.privateKey().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3"})
    void app_and_device_find_provisioning_and_commands_as_on_aws(String mqtt) throws Exception {
        expectAllAsOnAws(
                "fleet.mjs",
                mqtt,
                cloud.cloud().iotEndpoint(),
                cloud.cloud().state().authorityFile().toString());
    }

    private void expectAllAsOnAws(String program, String... arguments) throws Exception {
        Runtimes.require("node");
        assumeTrue(
                INSTALLED.stream().allMatch(each -> Files.exists(DIRECTORY.resolve("node_modules/" + each))),
                "run npm install --ignore-scripts in local-cloud/src/test/node");
        List<String> command =
                new ArrayList<>(List.of("node", DIRECTORY.resolve(program).toString()));
        command.addAll(List.of(arguments));

        Process node = programs.shell(command, environment());

        assertThat(Programs.output(node).strip()).as(programs.errors(node)).isEqualTo("all as on AWS");
        assertThat(node.waitFor()).isZero();
    }

    private static Map<String, String> environment() {
        Credentials credentials = cloud.cloud().state().credentials();
        String services = cloud.cloud().servicesEndpoint().toString();
        return Map.of(
                "AWS_ENDPOINT_URL_IOT",
                services,
                "AWS_ENDPOINT_URL_IOT_DATA_PLANE",
                services,
                "AWS_ENDPOINT_URL_IOT_JOBS_DATA_PLANE",
                services,
                "AWS_REGION",
                cloud.cloud().state().account().region(),
                "AWS_ACCESS_KEY_ID",
                credentials.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY",
                credentials.secretAccessKey(),
                "no_proxy",
                "127.0.0.1");
    }
}
