package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.stage.Stage;
import dev.roundtrip.benchmarks.subject.Api;
import dev.roundtrip.benchmarks.subject.BareHttp;
import dev.roundtrip.benchmarks.subject.BareMqtt;
import dev.roundtrip.benchmarks.subject.SignedCalls;
import java.io.IOException;

/** What is measured, and its references; all to the same devices.
 *
 * @param calls signed calls
 * @param mqtt the bare MQTT round trip
 * @param http the bare HTTP round trip
 */
record Subjects(SignedCalls calls, BareMqtt mqtt, BareHttp http) implements AutoCloseable {

    /** Connects all of them with that many lanes.
     *
     * @throws IOException when one does not connect
     */
    static Subjects connect(Stage stage, SignedCalls.Command command, int lanes)
            throws IOException, InterruptedException {
        return new Subjects(
                new SignedCalls(Api.of(stage.cloud()), command, lanes),
                new BareMqtt(stage.cloud(), command, lanes),
                new BareHttp(stage.cloud().apiEndpoint(), lanes));
    }

    @Override
    public void close() {
        calls.close();
        mqtt.close();
        http.close();
    }
}
