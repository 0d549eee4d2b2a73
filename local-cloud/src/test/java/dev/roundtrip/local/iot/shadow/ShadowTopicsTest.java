package dev.roundtrip.local.iot.shadow;

import static dev.roundtrip.local.iot.shadow.TestShadows.expect;
import static dev.roundtrip.local.iot.shadow.TestShadows.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.mqtt.RawClient;
import dev.roundtrip.mqtt.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shadows over MQTT. */
class ShadowTopicsTest {
    private static final String P = "$aws/things/pump/shadow/";
    private static final String NAMED = P + "name/config/";

    private final Gate tables = new Gate();
    private TestShadows test = new TestShadows(tables, new ShadowLimits(0, 10));

    /** A store whose writes a test may hold up, or let fail. */
    private static final class Gate implements TableStore {
        private final TableStore tables = new InMemoryTables();
        volatile CountDownLatch open = new CountDownLatch(0);
        volatile boolean full;

        @Override
        public <T, E extends Exception> T read(Work<Snapshot, T, E> work) throws E {
            return tables.read(work);
        }

        @Override
        public <T, E extends Exception> T write(Work<Transaction, T, E> work) throws E {
            try {
                open.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            if (full) {
                throw new StoreException("the disk is full");
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
        test.close();
    }

    private RawClient listener(String filter) throws IOException {
        return test.broker.mqtt5().connect("app").subscribe(filter);
    }

    private static void publish(RawClient client, String topic, String payload) throws IOException {
        client.send(Wire.publish0(Wire.MQTT_5, topic, quoted(payload)));
    }

    @ParameterizedTest
    @ValueSource(strings = {P, NAMED})
    void update_is_accepted_then_the_delta_is_told_then_the_documents(String prefix) throws Exception {
        RawClient app = listener(prefix + "#");

        publish(app, prefix + "update", "{'state':{'desired':{'on':true}},'clientToken':'t1','thingName':'pump'}");
        expect(
                app,
                prefix + "update/accepted",
                "{'state':{'desired':{'on':true}},'metadata':{'desired':{'on':{'timestamp':1000000}}},"
                        + "'version':1,'timestamp':1000000,'clientToken':'t1'}");
        expect(
                app,
                prefix + "update/delta",
                "{'version':1,'timestamp':1000000,'state':{'on':true},'metadata':{'on':{'timestamp':1000000}},"
                        + "'clientToken':'t1'}");
        expect(
                app,
                prefix + "update/documents",
                "{'previous':null,'current':{'state':{'desired':{'on':true}},"
                        + "'metadata':{'desired':{'on':{'timestamp':1000000}}},'version':1},"
                        + "'timestamp':1000000,'clientToken':'t1'}");

        test.advance(Duration.ofSeconds(1));
        publish(app, prefix + "update", "{'state':{'reported':{'on':true}},'version':1}");
        expect(
                app,
                prefix + "update/accepted",
                "{'state':{'reported':{'on':true}},'metadata':{'reported':{'on':{'timestamp':1000001}}},"
                        + "'version':2,'timestamp':1000001}");
        expect(
                app,
                prefix + "update/documents",
                "{'previous':{'state':{'desired':{'on':true}},'metadata':{'desired':{'on':{'timestamp':1000000}}},"
                        + "'version':1},'current':{'state':{'desired':{'on':true},'reported':{'on':true}},"
                        + "'metadata':{'desired':{'on':{'timestamp':1000000}},'reported':{'on':{'timestamp':1000001}}},"
                        + "'version':2},'timestamp':1000001}");
        app.expectNothing();
    }

    @Test
    void shadow_is_read_deleted_and_missing() throws Exception {
        RawClient app = listener(NAMED + "+/+");
        publish(app, NAMED + "update", "{'state':{'desired':{'a':1}}}");
        assertThat(app.nextPublish().topic()).isEqualTo(NAMED + "update/accepted");
        assertThat(app.nextPublish().topic()).isEqualTo(NAMED + "update/delta");
        assertThat(app.nextPublish().topic()).isEqualTo(NAMED + "update/documents");

        publish(app, NAMED + "get", "{'clientToken':'g'}");
        expect(
                app,
                NAMED + "get/accepted",
                "{'state':{'desired':{'a':1},'delta':{'a':1}},'metadata':{'desired':{'a':{'timestamp':1000000}},"
                        + "'delta':{'a':{'timestamp':1000000}}},'version':1,'timestamp':1000000,'clientToken':'g'}");
        publish(app, NAMED + "delete", "{'clientToken':'d'}");
        expect(app, NAMED + "delete/accepted", "{'version':1,'timestamp':1000000,'clientToken':'d'}");
        publish(app, NAMED + "get", "{'clientToken':'g2'}");
        assertRejected(app, NAMED + "get", 404, "No shadow exists with name: 'pump~config'", "g2");
        publish(app, NAMED + "delete", "{'clientToken':'d2'}");
        assertRejected(app, NAMED + "delete", 404, "No shadow exists with name: 'pump~config'", "d2");
    }

    private static void assertRejected(RawClient app, String request, int code, String message, String token)
            throws IOException {
        RawClient.Publish rejected = app.nextPublish();
        assertThat(rejected.topic()).isEqualTo(request + "/rejected");
        var body = TestShadows.json(rejected.payload().replace('\'', '`'));
        assertThat(body.path("code").intValue()).isEqualTo(code);
        assertThat(body.path("message").textValue().replace('`', '\'')).isEqualTo(message);
        assertThat(body.path("timestamp").longValue()).isPositive();
        assertThat(body.path("clientToken").asText("")).isEqualTo(token);
    }

    @Test
    void update_with_another_version_is_a_conflict() throws Exception {
        RawClient app = listener(P + "update/rejected");

        publish(app, P + "update", "{'state':{},'version':1,'clientToken':'c'}");
        assertRejected(app, P + "update", 409, "Version conflict", "c");
        publish(app, P + "update", "{'state':{}}");
        publish(app, P + "update", "{'state':{},'version':2,'clientToken':'c2'}");
        assertRejected(app, P + "update", 409, "Version conflict", "c2");
    }

    @Test
    void number_goes_on_for_48_hours_after_a_deletion() throws Exception {
        RawClient app = listener(P + "+/accepted");
        for (int i = 0; i < 3; i++) {
            publish(app, P + "update", "{'state':{}}");
            assertThat(app.nextPublish().payload()).contains("\"version\":" + (i + 1));
        }
        publish(app, P + "delete", "");
        assertThat(app.nextPublish().payload()).contains("\"version\":3");

        test.advance(Duration.ofDays(2).minusSeconds(1));
        publish(app, P + "update", "{'state':{}}");
        assertThat(app.nextPublish().payload()).contains("\"version\":4");
        publish(app, P + "delete", "");
        assertThat(app.nextPublish().payload()).contains("\"version\":4");

        test.advance(Duration.ofDays(2));
        publish(app, P + "update", "{'state':{}}");
        assertThat(app.nextPublish().payload()).contains("\"version\":1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "[[[[", "7", "nul", "{'state':{}}{}", "{'state':{},'state':{}}"})
    void malformed_update_is_rejected_and_the_connection_stands(String payload) throws Exception {
        RawClient app = listener(P + "+/+");

        publish(app, P + "update", payload);

        assertRejected(app, P + "update", 400, "Invalid JSON", "");
        app.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "delete"})
    void malformed_get_and_delete_are_rejected(String verb) throws Exception {
        RawClient app = listener(P + "+/+");

        for (String payload : new String[] {"{", "[]", "7", "{} 1", "[".repeat(60_000)}) {
            publish(app, P + verb, payload);
            RawClient.Publish rejected = app.nextPublish();
            assertThat(rejected.topic()).isEqualTo(P + verb + "/rejected");
            assertThat(rejected.payload()).contains("\"code\":400");
        }
        publish(app, P + verb, "{'clientToken':{}}");
        assertRejected(app, P + verb, 400, "Invalid clientToken", "");
    }

    @Test
    void hostile_payloads_are_rejected_and_change_nothing() throws Exception {
        RawClient app = listener(P + "+/+");
        publish(app, P + "update", "{'state':{'reported':{'a':1}}}");
        assertThat(app.nextPublish().topic()).isEqualTo(P + "update/accepted");
        assertThat(app.nextPublish().topic()).isEqualTo(P + "update/documents");

        app.send(Wire.publish1(Wire.MQTT_5, 9, P + "update", "", new byte[] {'{', (byte) 0xC3, '}'}));
        assertThat(app.next()).isEqualTo("40020009");
        assertRejected(app, P + "update", 415, "Unsupported documented encoding; supported encoding is UTF-8", "");
        publish(app, P + "update", "{'state':{'reported':{'b':'" + "x".repeat(9_000) + "'}},'clientToken':'big'}");
        assertRejected(app, P + "update", 413, "The payload exceeds the maximum size allowed", "big");
        publish(app, P + "update", " ".repeat(128 * 1024));
        assertRejected(app, P + "update", 400, "Invalid JSON", "");
        publish(app, P + "update", "{'state':{'reported':{'n':" + "9".repeat(2_000) + "}}}");
        assertRejected(app, P + "update", 400, "Invalid JSON", "");
        publish(app, P + "update", "{'state':{'reported':{'a':[null]}},'clientToken':'n'}");
        assertRejected(app, P + "update", 400, "State contains an invalid node", "n");

        publish(app, P + "get", "");
        expect(
                app,
                P + "get/accepted",
                "{'state':{'reported':{'a':1}},'metadata':{'reported':{'a':{'timestamp':1000000}}},"
                        + "'version':1,'timestamp':1000000}");
    }

    @Test
    void numbers_of_any_size_come_back_as_they_were_sent() throws Exception {
        RawClient app = listener(P + "get/accepted");
        String numbers = "[1e400,-0.10,12345678901234567890123,1E-9]";

        publish(app, P + "update", "{'state':{'desired':{'n':" + numbers + "},'reported':{'n':" + numbers + "}}}");
        publish(app, P + "get", "");

        assertThat(app.nextPublish().payload())
                .contains("[1E+400,-0.10,12345678901234567890123,1E-9]")
                .doesNotContain("delta");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$aws/things/a b/shadow/get", "$aws/things//shadow/get", "$aws/things/p/shadow/name//get"})
    void name_that_nothing_may_have_is_rejected(String topic) throws Exception {
        RawClient app = listener("$aws/things/#");

        publish(app, topic, "");

        RawClient.Publish rejected = app.nextPublish();
        assertThat(rejected.topic()).isEqualTo(topic + "/rejected");
        assertThat(rejected.payload()).contains("\"code\":400");
    }

    @Test
    void connection_has_ten_requests_to_a_thing_in_flight() throws Exception {
        RawClient app = listener(P + "+/+");
        tables.open = new CountDownLatch(1);

        for (int i = 0; i < 12; i++) {
            publish(app, P + "update", "{'state':null,'clientToken':'" + i + "'}");
        }

        assertRejected(app, P + "update", 429, "Too many requests", "10");
        assertRejected(app, P + "update", 429, "Too many requests", "11");
        tables.open.countDown();
        for (int i = 0; i < 10; i++) {
            assertThat(app.nextPublish().payload()).contains("\"clientToken\":\"" + i + '"', "\"version\":" + (i + 1));
            assertThat(app.nextPublish().topic()).isEqualTo(P + "update/documents");
        }
        publish(app, P + "update", "{'state':null}");
        assertThat(app.nextPublish().topic()).isEqualTo(P + "update/accepted");
    }

    @Test
    void thing_is_asked_twenty_times_a_second_where_aws_limits_count() throws Exception {
        test.close();
        test = new TestShadows(new InMemoryTables(), new ShadowLimits(20, 100));
        RawClient app = listener(P + "get/rejected");

        for (int i = 0; i < 21; i++) {
            publish(app, P + "get", "{'clientToken':'" + i + "'}");
        }

        for (int i = 0; i < 20; i++) {
            assertRejected(app, P + "get", 404, "No shadow exists with name: 'pump'", String.valueOf(i));
        }
        assertRejected(app, P + "get", 429, "Too many requests", "20");
        test.advance(Duration.ofSeconds(1));
        publish(app, P + "get", "");
        assertRejected(app, P + "get", 404, "No shadow exists with name: 'pump'", "");
    }

    @Test
    void update_that_cannot_be_kept_is_rejected_and_the_next_one_is_not() throws Exception {
        RawClient app = listener(P + "+/+");
        tables.full = true;
        publish(app, P + "update", "{'state':{},'clientToken':'full'}");
        assertRejected(app, P + "update", 500, "Internal service failure", "full");

        tables.full = false;
        publish(app, P + "update", "{'state':{}}");

        assertThat(app.nextPublish().payload()).contains("\"version\":1");
    }

    @Test
    void device_without_permission_for_another_shadow_gets_and_changes_nothing() throws Exception {
        RawClient app = listener("$aws/things/valve/shadow/#");
        test.broker.permissions = (action, resource) -> !resource.contains("valve");

        for (String verb : new String[] {"get", "update", "delete", "name/x/get", "name/x/update", "name/x/delete"}) {
            RawClient thief = test.broker.mqtt5().connect("thief-" + verb.replace('/', '-'));
            thief.send(Wire.publish1(
                    Wire.MQTT_5,
                    1,
                    "$aws/things/valve/shadow/" + verb,
                    "",
                    quoted("{'state':{'desired':{'open':true}}}").getBytes(StandardCharsets.UTF_8)));
            assertThat(thief.next()).startsWith("40").contains("87");
            thief.send(Wire.subscribe(Wire.MQTT_5, 1, 1, "$aws/things/valve/shadow/" + verb + "/accepted"));
            assertThat(thief.next()).startsWith("90").endsWith("87");
        }

        app.expectNothing();
        TestShadows.expectError(
                test.get("/things/valve/shadow"),
                404,
                "ResourceNotFoundException",
                "No shadow exists with name: 'valve'");
    }
}
