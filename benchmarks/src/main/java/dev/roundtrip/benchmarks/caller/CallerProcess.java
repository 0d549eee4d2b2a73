package dev.roundtrip.benchmarks.caller;

import dev.roundtrip.benchmarks.load.Sample;
import dev.roundtrip.benchmarks.load.Schedule;
import dev.roundtrip.benchmarks.subject.Api;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.iot.registry.ThingFiles;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A process that makes signed calls and has devices, as it is told. Not thread-safe. */
public final class CallerProcess implements AutoCloseable {
    private final Process process;
    private final ObjectOutputStream tasks;
    private final ObjectInputStream answers;

    /** Starts it, with the class path of this one.
     *
     * @throws IOException when it does not start
     */
    public CallerProcess() throws IOException {
        this.process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx320m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CallerMain.class.getName())
                .redirectError(Redirect.INHERIT)
                .start();
        try {
            this.tasks = new ObjectOutputStream(process.getOutputStream());
            tasks.flush();
            this.answers = new ObjectInputStream(process.getInputStream());
        } catch (IOException failed) {
            process.destroy();
            throw failed;
        }
    }

    /** Opens connections, in place of those that there are.
     *
     * @throws IOException when they cannot be opened, which standard error tells; the process is gone then
     */
    public void connect(Api api, SignedCalls.Command command, int lanes) throws IOException, InterruptedException {
        perform(new Task.Connect(api, command, lanes), Integer.class);
    }

    /** As {@link dev.roundtrip.benchmarks.load.ClosedLoop}; CPU time is the calling process's.
     *
     * @throws IOException when it fails, which standard error tells; the process is gone then
     */
    public Sample closedLoop(int clients, Duration time) throws IOException, InterruptedException {
        return perform(new Task.Closed(clients, time), Sample.class);
    }

    /** As {@link dev.roundtrip.benchmarks.load.OpenLoop}, over all connections; CPU time is the calling process's.
     *
     * @throws IOException when it fails, which standard error tells; the process is gone then
     */
    public Sample openLoop(Schedule schedule) throws IOException, InterruptedException {
        return perform(new Task.Open(schedule), Sample.class);
    }

    /** Says what the devices connect with that come to the end of this process.
     *
     * @param names what their names begin with; a number from 0 follows
     * @param identity the files of the certificate that all of them show
     * @throws IOException when it fails, which standard error tells; the process is gone then
     */
    public void prepareDevices(LocalCloud cloud, String names, ThingFiles identity)
            throws IOException, InterruptedException {
        int colon = cloud.iotEndpoint().lastIndexOf(':');
        Task.Devices devices = new Task.Devices(
                names,
                cloud.iotEndpoint().substring(0, colon),
                Integer.parseInt(cloud.iotEndpoint().substring(colon + 1)),
                cloud.state().authorityFile().toString(),
                identity.certificate().toString(),
                identity.privateKey().toString());
        perform(devices, Integer.class);
    }

    /** Connects more devices, until there are so many; returns how long that took.
     *
     * @throws IOException when one does not connect, which standard error tells; the process is gone then
     */
    public Duration connectDevices(int count) throws IOException, InterruptedException {
        return perform(new Task.ConnectDevices(count), Duration.class);
    }

    /** Has all devices leave and come back; returns how long they took to come back.
     *
     * @throws IOException when one does not connect, which standard error tells; the process is gone then
     */
    public Duration reconnectDevices() throws IOException, InterruptedException {
        return perform(new Task.ReconnectDevices(), Duration.class);
    }

    /** How many messages the devices have got.
     *
     * @throws IOException when it fails, which standard error tells; the process is gone then
     */
    public long messages() throws IOException, InterruptedException {
        return perform(new Task.CountMessages(), Long.class);
    }

    /** Another thread reads the answer, so that waiting for it can be interrupted. */
    private <T> T perform(Task task, Class<T> answer) throws IOException, InterruptedException {
        tasks.writeObject(task);
        tasks.flush();
        FutureTask<T> reading = new FutureTask<>(() -> answer.cast(answers.readObject()));
        Thread.startVirtualThread(reading);
        try {
            return reading.get();
        } catch (ExecutionException failed) {
            throw new IOException("the process of the clients has failed, see above", failed.getCause());
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
