package dev.roundtrip.benchmarks.caller;

import dev.roundtrip.benchmarks.load.Schedule;
import dev.roundtrip.benchmarks.subject.Api;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.io.Serializable;
import java.time.Duration;

/** What a calling process is told; each is answered with one object. */
sealed interface Task extends Serializable {

    /** Closes the connections that there are, and opens others; answered with their number. */
    record Connect(Api api, SignedCalls.Command command, int lanes) implements Task {}

    /** Clients that ask again as soon as they are answered; answered with a sample. */
    record Closed(int clients, Duration time) implements Task {}

    /** Calls at a fixed rate over all connections; answered with a sample. */
    record Open(Schedule schedule) implements Task {}

    /** What devices connect with; answered with 0, when none is connected yet.
     *
     * @param names what their names begin with; a number from 0 follows
     * @param host where the broker listens for them
     * @param authority the file with who signed the broker's certificate
     * @param certificate the file with the certificate of all
     * @param key the file with its key
     */
    record Devices(String names, String host, int port, String authority, String certificate, String key)
            implements Task {}

    /** Connects more devices, until there are so many; answered with the time that it took. */
    record ConnectDevices(int count) implements Task {}

    /** Ends the connections of all devices, then connects them; answered with the time that the second took. */
    record ReconnectDevices() implements Task {}

    /** Answered with how many messages devices have got. */
    record CountMessages() implements Task {}
}
