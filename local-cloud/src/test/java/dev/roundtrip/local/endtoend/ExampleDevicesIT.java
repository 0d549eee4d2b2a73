package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roundtrip.local.iot.registry.ThingFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The devices of examples/devices, each as a process, held against the contract. */
class ExampleDevicesIT {
    private static final Path EXAMPLES =
            Path.of("../examples/devices").toAbsolutePath().normalize();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Programs programs;

    @BeforeAll
    static void startCloud() throws Exception {
        cloud = TestCloud.start(state);
    }

    @AfterAll
    static void stopCloud() {
        cloud.close();
    }

    @BeforeEach
    void start() {
        programs = new Programs(directory);
    }

    @AfterEach
    void stop() {
        programs.close();
    }

    @Test
    void python_device_keeps_the_contract() throws Exception {
        String python = Runtimes.pythonWith("paho.mqtt.client", "python3-paho-mqtt");

        keepsTheContract("python", List.of(python, EXAMPLES + "/python/device.py"));
    }

    @Test
    void javascript_device_keeps_the_contract() throws Exception {
        Runtimes.require("node");
        assumeTrue(
                Files.exists(EXAMPLES.resolve("javascript/node_modules/mqtt")),
                "run npm install in examples/devices/javascript");

        keepsTheContract("javascript", List.of("node", EXAMPLES + "/javascript/device.mjs"));
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
                        EXAMPLES + "/c/device.c",
                        "-lmosquitto",
                        "-ljansson"),
                Map.of());

        assertThat(Programs.output(build)).isEmpty();
        assertThat(build.exitValue()).as(programs.errors(build)).isZero();
        keepsTheContract("c", List.of(program));
    }

    /** It is not connected while it answers, so a request can be lost: the rest of the contract is out of its reach. */
    @Test
    void mosquitto_device_answers() throws Exception {
        Runtimes.require("mosquitto_sub");
        Runtimes.require("jq");
        try (DeviceCheck check = new DeviceCheck(cloud, "gateway-of-mosquitto", "mosquitto")) {
            Process device = device(
                    "mosquitto",
                    List.of("sh", EXAMPLES + "/mosquitto/device.sh"),
                    cloud.broker().devicePort());

            try {
                check.awaitReady();
                check.answers_at_last();
            } finally {
                List<ProcessHandle> waiting = device.descendants().toList();
                device.destroyForcibly();
                waiting.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    private void keepsTheContract(String name, List<String> command) throws Exception {
        try (BadCable cable = new BadCable(cloud.broker().devicePort());
                DeviceCheck check = new DeviceCheck(cloud, "gateway-of-" + name, name)) {
            Process device = device(name, command, cable.port());

            check.awaitReady();
            check.answers_with_what_the_method_returns();
            check.answers_a_request_whose_id_has_an_instance();
            check.gives_the_same_answer_to_a_repeated_request_without_running_it_again();
            check.refuses_what_it_does_not_run();
            check.runs_a_request_without_deadline_and_is_silent_where_it_does_not_run();
            check.drops_what_is_no_request_and_goes_on();
            cable.cut(BadCable.Cut.RST);
            check.awaitReady();
            assertThat(TestCloud.result(
                            cloud.post("{\"target\":\"" + name + "\",\"method\":\"echo\",\"request\":[\"ö\"]}")))
                    .isEqualTo("ok");
            assertThat(device.isAlive()).isTrue();
            device.destroy();
            assertThat(device.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
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
