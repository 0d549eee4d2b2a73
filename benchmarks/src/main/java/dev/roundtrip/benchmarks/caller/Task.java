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
}
