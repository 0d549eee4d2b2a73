package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.Api;
import dev.roundtrip.benchmarks.subject.BareHttp;
import dev.roundtrip.benchmarks.subject.BareMqtt;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import dev.roundtrip.benchmarks.subject.WaitingThreads;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What is measured, and its references; all to the same devices.
 *
 * @param calls signed calls
 * @param mqtt the bare MQTT round trip
 * @param waited the same, with a thread that waits for each answer
 * @param http the bare HTTP round trip
 * @param inARow first the bare HTTP round trip, then the bare MQTT round trip; a thread waits for each
 */
record Subjects(SignedCalls calls, BareMqtt mqtt, WaitingThreads waited, BareHttp http, WaitingThreads inARow)
        implements AutoCloseable {

    /** Connects all of them with that many lanes.
     *
     * @throws IOException when one does not connect
     */
    static Subjects connect(Stage stage, SignedCalls.Command command, int lanes)
            throws IOException, InterruptedException {
        Deque<RoundTrips> open = new ArrayDeque<>();
        try {
            SignedCalls calls = new SignedCalls(Api.of(stage.cloud()), command, lanes);
            open.push(calls);
            BareMqtt mqtt = new BareMqtt(stage.cloud(), command, lanes);
            open.push(mqtt);
            BareHttp http = new BareHttp(stage.cloud().apiEndpoint(), lanes);
            return new Subjects(calls, mqtt, new WaitingThreads(mqtt), http, new WaitingThreads(http, mqtt));
        } catch (Throwable failed) {
            open.forEach(RoundTrips::close);
            throw failed;
        }
    }

    @Override
    public void close() {
        calls.close();
        mqtt.close();
        http.close();
    }
}
