package dev.roundtrip.local.iot.command;

import static dev.roundtrip.local.iot.command.TestCommands.THING;
import static dev.roundtrip.local.iot.command.TestCommands.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.iot.document.DocumentFormat;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.mqtt.Action;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two who change one execution at the same time, and a store that fails. */
class CommandConflictTest {
    private static final byte[] SUCCEEDED = "{\"status\":\"SUCCEEDED\"}".getBytes(StandardCharsets.UTF_8);

    private final Gate tables = new Gate();
    private final TestCommands test = new TestCommands(tables);

    /** A store whose writes a test may hold up, or let fail. */
    private static final class Gate implements TableStore {
        private final TableStore tables = new InMemoryTables();
        private final Semaphore waiting = new Semaphore(0);
        private volatile CountDownLatch open = new CountDownLatch(0);
        private volatile boolean full;

        @Override
        public <T, E extends Exception> T read(Work<Snapshot, T, E> work) throws E {
            return tables.read(work);
        }

        @Override
        public <T, E extends Exception> T write(Work<Transaction, T, E> work) throws E {
            if (full) {
                throw new StoreException("the disk is full");
            }
            waiting.release();
            try {
                open.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            return tables.write(work);
        }

        @Override
        public void close() {
            tables.close();
        }
    }

    @AfterEach
    void stop() throws IOException {
        tables.open.countDown();
        test.close();
    }

    @Test
    void second_of_two_updates_at_once_meets_a_conflict_and_the_first_counts() throws Exception {
        test.command("open");
        String id = test.started(THING);
        RawClient first = test.broker.mqtt5().connect("first");
        RawClient second = test.broker.mqtt5().connect("second");
        tables.waiting.drainPermits();
        tables.open = new CountDownLatch(1);
        first.send(TestCommands.publish(topic(id), SUCCEEDED));
        tables.waiting.acquire();

        second.send(TestCommands.publish(
                topic(id).replace("/json", "/cbor"),
                DocumentFormat.CBOR.write(TestCommands.json("{'status':'FAILED'}"))));

        RawClient.Publish refused = second.nextPublish();
        assertThat(refused.topic()).endsWith("/rejected/cbor");
        assertThat(refused.payload()).contains("DataConflict");
        tables.open.countDown();
        assertThat(first.nextPublish().topic()).endsWith("/accepted/json");
        assertThat(test.execution(id, THING).text("status")).isEqualTo("SUCCEEDED");
    }

    @Test
    void pipelined_updates_of_one_device_are_taken_in_order() throws Exception {
        test.command("open");
        String id = test.started(THING);
        RawClient device = test.broker.mqtt5().connect("pump");

        device.send(
                TestCommands.publish(topic(id), "{\"status\":\"IN_PROGRESS\"}".getBytes(StandardCharsets.UTF_8)),
                TestCommands.publish(topic(id), SUCCEEDED),
                TestCommands.publish(topic(id), SUCCEEDED));

        assertThat(device.nextPublish().topic()).endsWith("/accepted/json");
        assertThat(device.nextPublish().topic()).endsWith("/accepted/json");
        assertThat(device.nextPublish().payload()).contains("TerminalStateReached");
    }

    @Test
    void store_that_fails_is_an_internal_error_and_the_next_update_is_taken() throws Exception {
        test.command("open");
        String id = test.started(THING);
        RawClient device = test.broker.mqtt5().connect("pump");
        tables.full = true;

        assertThat(test.update(device, topic(id), SUCCEEDED)).isEqualTo("InternalError");
        assertThat(test.start(THING, "").status()).isEqualTo(503);
        tables.full = false;
        assertThat(test.update(device, topic(id), SUCCEEDED)).isEqualTo("accepted");
    }

    @Test
    void time_that_ends_while_the_store_fails_ends_later() throws Exception {
        test.command("open");
        String id = test.started(THING);
        tables.full = true;
        assertThatThrownBy(() -> test.clock.advance(Duration.ofSeconds(10))).isInstanceOf(StoreException.class);
        tables.full = false;

        test.clock.advance(Duration.ofSeconds(11));

        assertThat(test.execution(id, THING).text("status")).isEqualTo("TIMED_OUT");
    }

    @Test
    void device_without_the_permission_reports_on_no_topic_of_another_one() throws Exception {
        test.command("open");
        String thing = test.started(THING);
        String client = test.started(TestCommands.CLIENT);
        test.broker.permissions = (action, resource) -> action == Action.CONNECT;
        RawClient valve = test.broker.mqtt5().connect("valve");

        for (String topic : new String[] {
            topic(thing),
            topic(thing).replace("/json", "/cbor"),
            "$aws/commands/clients/app-7/executions/" + client + "/response/json",
            "$aws/commands/clients/app-7/executions/" + client + "/response/cbor"
        }) {
            valve.send(Wire.publish1(Wire.MQTT_5, 1, topic, "", SUCCEEDED));
            assertThat(valve.next()).as(topic).startsWith("40").contains("87");
        }
        valve.send(Wire.subscribe(Wire.MQTT_5, 2, 1, "$aws/commands/things/pump/executions/+/request/json"));
        assertThat(valve.next()).as("not authorized").startsWith("90").endsWith("87");
        assertThat(test.execution(thing, THING).text("status")).isEqualTo("CREATED");
        assertThat(test.execution(client, TestCommands.CLIENT).text("status")).isEqualTo("CREATED");
    }
}
