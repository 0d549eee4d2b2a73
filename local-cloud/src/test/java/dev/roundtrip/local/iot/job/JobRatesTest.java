package dev.roundtrip.local.iot.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.RawClient;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rates of jobs, as AWS has them. */
class JobRatesTest {
    private final TestJobs test = new TestJobs(new InMemoryTables(), JobLimits.AWS, DocumentValues.NONE);

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void each_operation_is_asked_ten_times_in_a_second() {
        for (int i = 0; i < 10; i++) {
            var unused = test.ask("GET", "/jobs", "").ok();
        }

        Answer refused = test.ask("GET", "/jobs", "");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error()).isEqualTo("ThrottlingException");
        var unusedOther = test.ask("GET", "/job-templates", "").ok();
        test.advance(Duration.ofSeconds(1));
        var unusedLater = test.ask("GET", "/jobs", "").ok();
    }

    @Test
    void things_read_and_write_200_times_in_a_second_together() throws IOException {
        for (int i = 0; i < 200; i++) {
            var unused = test.ask("GET", "/data/things/pump/jobs", "").ok();
        }

        Answer refused = test.ask("GET", "/data/things/valve/jobs", "");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.error()).isEqualTo("ThrottlingException");
        var unusedWrite = test.ask("PUT", "/data/things/pump/jobs/$next", "").ok();
        try (RawClient client = test.broker.mqtt5().connect("pump")) {
            TestJobs.publish(client, "$aws/things/pump/jobs/get", "{'clientToken':'c'}");
            TestJobs.expect(
                    client,
                    "$aws/things/pump/jobs/get/rejected",
                    "{'timestamp':1000000,'code':'RequestThrottled','message':'Rate exceeded','clientToken':'c'}");
        }
    }

    @Test
    void there_are_rates_where_the_broker_has_some() {
        assertThat(JobLimits.with(BrokerLimits.local())).isEqualTo(JobLimits.NONE);
        assertThat(JobLimits.with(BrokerLimits.iotCore())).isEqualTo(JobLimits.AWS);
    }
}
