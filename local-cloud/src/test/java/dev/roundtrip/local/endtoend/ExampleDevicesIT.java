package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.check.Rule;
import dev.roundtrip.local.check.Verdict.Finding;
import dev.roundtrip.local.iot.registry.ThingFiles;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The devices of examples/devices, each as a process, held against the contract. */
class ExampleDevicesIT extends ExamplePrograms {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The rules that each device breaks; it keeps all others. The devices know neither keys nor order. */
    private static final Map<String, Set<Rule>> BROKEN = Map.of(
            "python", EnumSet.of(Rule.KEYS, Rule.LANES),
            "javascript", EnumSet.of(Rule.KEYS, Rule.LANES),
            "c", EnumSet.of(Rule.KEYS, Rule.LANES));

    @Test
    void python_device_keeps_the_contract() throws Exception {
        String python = Runtimes.pythonWith("paho.mqtt.client", "python3-paho-mqtt");

        keepsTheContract(
                "python", List.of(python, example("devices/python/device.py").toString()));
    }

    @Test
    void javascript_device_keeps_the_contract() throws Exception {
        Runtimes.require("node");
        assumeTrue(
                Files.exists(example("devices/javascript/node_modules/mqtt")),
                "run npm install in examples/devices/javascript");

        keepsTheContract(
                "javascript",
                List.of("node", example("devices/javascript/device.mjs").toString()));
    }

    @Test
    void c_device_keeps_the_contract() throws Exception {
        Runtimes.require("gcc");
        String program = directory.resolve("device").toString();
        Process gcc = programs.shell(
                List.of("sh", "-c", "printf '#include <mosquitto.h>\n#include <jansson.h>\n' | gcc -E -"), Map.of());
        assumeTrue(
                !Programs.output(gcc).isEmpty() && gcc.exitValue() == 0,
                "libmosquitto-dev and libjansson-dev are not installed");

        Process build = programs.shell(
                List.of(
                        "gcc",
                        "-O2",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-o",
                        program,
                        example("devices/c/device.c").toString(),
                        "-lmosquitto",
                        "-ljansson"),
                Map.of());

        assertThat(Programs.output(build)).isEmpty();
        assertThat(build.exitValue()).as(programs.errors(build)).isZero();
        keepsTheContract("c", List.of(program));
    }

    /** It is not connected while it answers, so a request can be lost. The check sends each request once, and is of no
     * use here.
     */
    @Test
    void mosquitto_device_answers_at_last() throws Exception {
        Runtimes.require("mosquitto_sub");
        Runtimes.require("jq");
        Process device = device(
                "mosquitto",
                List.of("sh", example("devices/mosquitto/device.sh").toString()),
                cloud.broker().devicePort());

        try {
            runsItsMethods("mosquitto");
        } finally {
            List<ProcessHandle> waiting = device.descendants().toList();
            device.destroyForcibly();
            waiting.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private void keepsTheContract(String name, List<String> command) throws Exception {
        try (BadCable cable = new BadCable(cloud.broker().devicePort())) {
            Process device = device(name, command, cable.port());
            assertThat(Programs.until(device.inputReader(), "is ready")).containsExactly(name + " is ready");

            CheckedDevice checked = CheckedDevice.of(cloud, name, "count");

            assertThat(checked.rules(Finding.BROKEN)).as(checked.toString()).isEqualTo(BROKEN.get(name));
            assertThat(checked.rules(Finding.UNSEEN)).isEmpty();
            cable.cut(BadCable.Cut.RST);
            runsItsMethods(name);
            assertThat(device.isAlive()).isTrue();
            device.destroy();
            assertThat(device.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** The check knows nothing of the methods of a device. */
    private static void runsItsMethods(String name) {
        JsonNode echo = call(name, "echo", "{\"ö\":[true,null,\"\\u0000\",1.5]}", "ok");
        assertThat(echo.path("response")).hasToString("{\"ö\":[true,null,\"\\u0000\",1.5]}");
        assertThat(call(name, "div", "[84,2]", "ok").path("response").asDouble())
                .isEqualTo(42);
        assertThat(code(call(name, "div", "[1,0]", "device_error"))).isEqualTo("division_by_zero");
        for (String wrong : List.of("[1]", "[true,\"2\"]", "0")) {
            assertThat(code(call(name, "div", wrong, "refused"))).isEqualTo("invalid_request");
        }
        assertThat(code(call(name, "no-such", "null", "refused"))).isEqualTo("unknown_method");
    }

    private static String code(JsonNode answer) {
        return answer.path("error").path("code").textValue();
    }

    /** Calls until the result comes: a request is lost while the device is not connected. */
    private static JsonNode call(String name, String method, String request, String result) {
        String call =
                "{\"target\":\"" + name + "\",\"method\":\"" + method + "\",\"request\":" + request + ",\"timeout\":2}";
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(
                        () -> TestCloud.json(cloud.post(call)),
                        answer -> answer.path("result").asText().equals(result));
    }

    private Process device(String name, List<String> command, int port) throws Exception {
        ThingFiles files = cloud.thing(name).files();
        List<String> words = new ArrayList<>(command);
        words.add(name);
        words.add(String.valueOf(files.certificate().getParent()));
        return programs.shell(
                words,
                Map.of(
                        "IOT_ENDPOINT",
                        "127.0.0.1:" + port,
                        "IOT_CA",
                        cloud.cloud().state().authorityFile().toString()));
    }
}
