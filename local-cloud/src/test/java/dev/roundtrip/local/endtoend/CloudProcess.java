package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.LocalCloudSettings.Ports;
import dev.roundtrip.local.app.StartException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A local cloud in a process of its own, for tests that kill it. It ends with the process that started it. */
final class CloudProcess implements AutoCloseable {
    private static final String REGION = "eu-central-1";

    private final Process process;
    private final URI services;
    private final int devicePort;

    private CloudProcess(Process process, String up) {
        this.process = process;
        String[] ports = up.split(" ", -1);
        this.services = URI.create(ports[0]);
        this.devicePort = Integer.parseInt(ports[1]);
    }

    /** The command line of a cloud on free ports.
     *
     * @param jvm further arguments of the JVM
     */
    static List<String> command(Path state, List<String> jvm) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(jvm);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), CloudProcess.class.getName(), state.toString()));
        return command;
    }

    /** The command line of a cloud that devices find again after a restart.
     *
     * @param port for devices
     * @param rate how many seconds of services pass in a second
     */
    static List<String> command(Path state, int port, int rate) {
        List<String> command = command(state, List.of());
        command.add(Integer.toString(port));
        command.add(Integer.toString(rate));
        return command;
    }

    /** Starts a cloud, and waits until it is up. */
    static CloudProcess start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String up = new BufferedReader(process.inputReader()).readLine();
        if (up == null) {
            process.destroyForcibly();
            throw new IOException("the local cloud ended before it was up");
        }
        return new CloudProcess(process, up);
    }

    /** Where the services of AWS are. */
    URI services() {
        return services;
    }

    long pid() {
        return process.pid();
    }

    int devicePort() {
        return devicePort;
    }

    /** Kills it, as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        var unused = process.waitFor();
    }

    /** Ends it in order. */
    void stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        var unused = process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Arguments: the state directory; the port for devices and the rate of the clock, if given. Runs until its input
     * ends.
     */
    public static void main(String[] arguments) throws StartException, IOException {
        LocalCloudSettings settings = LocalCloudSettings.of(Path.of(arguments[0]), CloudProcess::complain);
        if (arguments.length > 1) {
            settings = settings.withPorts(new Ports(0, Integer.parseInt(arguments[1]), 0))
                    .withClockRate(Integer.parseInt(arguments[2]));
        }
        try (LocalCloud cloud = LocalCloud.start(settings, REGION)) {
            System.out.println(
                    cloud.servicesEndpoint() + " " + cloud.iotEndpoint().replaceFirst(".*:", ""));
            System.out.flush();
            var unused = System.in.read();
        }
    }

    /** Lines of errors alone: the others are what a test provokes. */
    private static void complain(String line) {
        if (line.contains("ERROR")) {
            System.err.println(line);
        }
    }
}
