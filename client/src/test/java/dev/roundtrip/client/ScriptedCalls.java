package dev.roundtrip.client;

import dev.roundtrip.client.ScriptedGateway.TestTime;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of calls have in common: a gateway that answers what it is told, and its client. */
abstract class ScriptedCalls {
    /** The client's; no pause takes any time. */
    final TestTime time = new TestTime();

    @SuppressWarnings("NullAway.Init") // set before each test
    ScriptedGateway gateway;

    @SuppressWarnings("NullAway.Init")
    Roundtrip roundtrip;

    @BeforeEach
    void start() throws IOException {
        gateway = new ScriptedGateway();
        roundtrip = gateway.client(time);
    }

    @AfterEach
    void stop() {
        roundtrip.close();
        gateway.close();
    }
}
