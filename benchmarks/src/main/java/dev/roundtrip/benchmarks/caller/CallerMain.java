package dev.roundtrip.benchmarks.caller;

import dev.roundtrip.benchmarks.load.ClosedLoop;
import dev.roundtrip.benchmarks.load.OpenLoop;
import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** The calling process: takes tasks from standard input until that ends. */
public final class CallerMain {
    private @Nullable RoundTrips calls;
    private @Nullable ConnectedDevices devices;

    private CallerMain() {}

    /** Runs until standard input ends, or a task fails. */
    public static void main(String[] args) throws IOException, InterruptedException, ClassNotFoundException {
        ObjectOutputStream answers = new ObjectOutputStream(System.out);
        answers.flush();
        // Whatever else is printed must not come between the answers.
        System.setOut(System.err);
        CallerMain caller = new CallerMain();
        try (ObjectInputStream tasks = new ObjectInputStream(System.in)) {
            while (true) {
                answers.writeObject(caller.perform((Task) tasks.readObject()));
                answers.reset();
                answers.flush();
            }
        } catch (EOFException done) {
            System.exit(0);
        }
    }

    private Serializable perform(Task task) throws IOException, InterruptedException {
        return switch (task) {
            case Task.Connect connect -> connect(connect);
            case Task.Closed closed -> ClosedLoop.run(connected(), closed.clients(), closed.time());
            case Task.Open open -> OpenLoop.run(connected(), connected().lanes(), open.schedule());
            case Task.Devices all -> {
                devices = new ConnectedDevices(all);
                yield 0;
            }
            case Task.ConnectDevices connect -> devices().connect(connect.count());
            case Task.ReconnectDevices again -> devices().reconnect();
            case Task.CountMessages count -> devices().heard();
        };
    }

    private Integer connect(Task.Connect connect) throws IOException {
        if (calls != null) {
            calls.close();
        }
        RoundTrips fresh = new SignedCalls(connect.api(), connect.command(), connect.lanes());
        calls = fresh;
        return fresh.lanes();
    }

    private RoundTrips connected() {
        if (calls == null) {
            throw new IllegalStateException("not connected yet");
        }
        return calls;
    }

    private ConnectedDevices devices() {
        if (devices == null) {
            throw new IllegalStateException("nobody said what devices connect with");
        }
        return devices;
    }
}
