package dev.roundtrip.local.endtoend;

import static dev.roundtrip.local.endtoend.TestCloud.json;
import static dev.roundtrip.local.endtoend.TestCloud.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.behaviour.Step;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of calls in flight when the cloud is told to stop. */
class StoppingIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        callers.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "direct"})
    void call_that_waits_when_the_cloud_stops_is_told_that_it_may_have_run(String delivery) throws Exception {
        try (TestCloud cloud =
                TestCloud.start(state, settings -> settings.withFunction(Map.of("DELIVERY", delivery)))) {
            Device pump = cloud.device("pump", TestCloud.SILENT);
            Future<HttpResponse<String>> call =
                    callers.submit(() -> cloud.get("target=pump&method=greet&request=&timeout=28"));
            await().until(() -> pump.counters().received() == 1);

            cloud.cloud().close();

            HttpResponse<String> answer = call.get();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(504);
            assertThat(result(answer)).isEqualTo("timeout");
        }
    }

    @Test
    void call_in_flight_may_end_while_no_other_begins() throws Exception {
        try (TestCloud cloud = TestCloud.start(state)) {
            CountDownLatch mayAnswer = new CountDownLatch(1);
            Device pump = cloud.device(
                    "pump",
                    command -> List.of(
                            new Step.Run((request, call) -> {
                                mayAnswer.await();
                                return request;
                            }),
                            new Step.Answer()));
            Future<HttpResponse<String>> call =
                    callers.submit(() -> cloud.get("target=pump&method=greet&request=hi&timeout=28"));
            await().until(() -> pump.counters().received() == 1);

            cloud.cloud().drain();

            assertThatThrownBy(() -> cloud.get("target=pump&method=greet&request=late"))
                    .isInstanceOf(ConnectException.class);
            mayAnswer.countDown();
            assertThat(call.get().statusCode()).isEqualTo(200);
            assertThat(json(call.get()).path("response").textValue()).isEqualTo("hi");
        }
    }
}
