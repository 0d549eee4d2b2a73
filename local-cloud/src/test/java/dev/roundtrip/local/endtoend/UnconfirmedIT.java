package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.app.StateDirectory;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls by way of a broker that reads and never acknowledges: each ends with its deadline, and is told what can be
 * known.
 */
class UnconfirmedIT {
    private static final int WINDOW = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private MuteBroker broker;

    @SuppressWarnings("NullAway.Init")
    private TestCloud cloud;

    @BeforeEach
    void start() throws Exception {
        StateDirectory state = StateDirectory.open(directory);
        broker = new MuteBroker(state.serverIdentity(), WINDOW);
        BrokerChoice mute = new BrokerChoice.Other("localhost:" + broker.port(), state.authorityFile());
        cloud = TestCloud.start(directory, settings -> settings.withBroker(mute));
    }

    @AfterEach
    void stop() {
        cloud.close();
        broker.close();
    }

    @Test
    void command_that_is_never_acknowledged_may_have_run() throws Exception {
        HttpResponse<String> answer = cloud.get("target=pump&method=echo&request=hi&timeout=1");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(result(answer)).isEqualTo("timeout");
        assertThat(broker.commands()).isOne();
    }

    @Test
    void command_beyond_what_the_broker_takes_unacknowledged_is_not_sent() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < WINDOW + 2; i++) {
                calls.add(callers.submit(() -> cloud.get("target=pump&method=echo&request=hi&timeout=2")));
            }
            for (Future<HttpResponse<String>> call : calls) {
                statuses.add(call.get().statusCode());
            }
        }

        assertThat(statuses).containsExactlyInAnyOrder(504, 504, 504, 503, 503);
        assertThat(broker.commands()).isEqualTo(WINDOW);

        HttpResponse<String> next = cloud.get("target=pump&method=echo&request=hi&timeout=1");

        assertThat(result(next)).isEqualTo("unavailable");
        assertThat(json(next).path("error").path("message").textValue()).contains("confirms nothing");
        assertThat(broker.commands()).isEqualTo(WINDOW);
    }
}
