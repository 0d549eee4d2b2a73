package dev.roundtrip.local.iot.shadow;

import static dev.roundtrip.local.iot.shadow.TestShadows.SHADOW;
import static dev.roundtrip.local.iot.shadow.TestShadows.expect;
import static dev.roundtrip.local.iot.shadow.TestShadows.expectError;
import static dev.roundtrip.local.iot.shadow.TestShadows.json;
import static dev.roundtrip.local.iot.shadow.TestShadows.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.RawClient;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shadows over HTTP. */
class ShadowOperationsTest {
    private static final String LIST = "/api/things/shadow/ListNamedShadowsForThing/pump";

    private TestShadows test = new TestShadows(new InMemoryTables(), new ShadowLimits(0, 10));

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void update_over_http_is_told_to_subscribers() throws Exception {
        RawClient device = test.broker.mqtt3().connect("pump").subscribe("$aws/things/pump/shadow/#");

        var updated = test.post(SHADOW, quoted("{'state':{'desired':{'on':true}},'clientToken':'h'}"));

        expect(
                updated,
                200,
                "{'state':{'desired':{'on':true}},'metadata':{'desired':{'on':{'timestamp':1000000}}},"
                        + "'version':1,'timestamp':1000000,'clientToken':'h'}");
        assertThat(device.nextPublish().topic()).isEqualTo("$aws/things/pump/shadow/update/accepted");
        expect(
                device,
                "$aws/things/pump/shadow/update/delta",
                "{'version':1,'timestamp':1000000,'state':{'on':true},'metadata':{'on':{'timestamp':1000000}},"
                        + "'clientToken':'h'}");
        assertThat(device.nextPublish().topic()).isEqualTo("$aws/things/pump/shadow/update/documents");
        expect(
                test.get(SHADOW),
                200,
                "{'state':{'desired':{'on':true},'delta':{'on':true}},'metadata':{'desired':{'on':"
                        + "{'timestamp':1000000}},'delta':{'on':{'timestamp':1000000}}},"
                        + "'version':1,'timestamp':1000000}");
        device.expectNothing();
        expect(test.delete(SHADOW), 200, "{'version':1,'timestamp':1000000}");
        assertThat(device.nextPublish().topic()).isEqualTo("$aws/things/pump/shadow/delete/accepted");
    }

    @Test
    void errors_are_told_to_the_sender_alone() throws Exception {
        RawClient device = test.broker.mqtt3().connect("pump").subscribe("$aws/things/pump/shadow/#");

        expectError(test.get(SHADOW), 404, "ResourceNotFoundException", "No shadow exists with name: 'pump'");
        expectError(
                test.get(SHADOW + "?name=a"), 404, "ResourceNotFoundException", "No shadow exists with name: 'pump~a'");
        expectError(test.delete(SHADOW), 404, "ResourceNotFoundException", "No shadow exists with name: 'pump'");
        expectError(test.post(SHADOW, ""), 400, "InvalidRequestException", "Invalid JSON");
        expectError(test.post(SHADOW, "{}"), 400, "InvalidRequestException", "Missing required node: state");
        expectError(
                test.post(SHADOW, quoted("{'state':{},'version':1}")), 409, "ConflictException", "Version conflict");
        expectError(
                test.post(SHADOW, quoted("{'state':{'desired':{'a':'" + "x".repeat(9_000) + "'}}}")),
                413,
                "RequestEntityTooLargeException",
                "The payload exceeds the maximum size allowed");
        expectError(
                test.post(SHADOW, " ".repeat(200_000)),
                413,
                "RequestEntityTooLargeException",
                "The payload exceeds the maximum size allowed");
        expectError(
                test.send(SHADOW, HttpRequest.newBuilder().POST(BodyPublishers.ofByteArray(new byte[] {(byte) 0xFF}))),
                415,
                "UnsupportedDocumentEncodingException",
                "Unsupported documented encoding; supported encoding is UTF-8");
        assertThat(test.send(SHADOW, HttpRequest.newBuilder().PUT(BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(405);

        device.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/things/a%20b/shadow",
                "/things/a%2Fb/shadow",
                "/things/pump/shadow?name=",
                "/things/pump/shadow?name=a%2Fb",
                "/things/pump/shadow?name=a%00b",
                "/api/things/shadow/ListNamedShadowsForThing/a%20b",
                LIST + "?pageSize=0",
                LIST + "?pageSize=101",
                LIST + "?nextToken=x",
                LIST + "?nextToken=AA"
            })
    void request_that_no_shadow_can_be_meant_by_is_refused(String path) throws Exception {
        assertThat(test.get(path).statusCode()).isEqualTo(400);
    }

    @Test
    void longest_names_are_taken() throws Exception {
        String path = "/things/" + "t".repeat(128) + "/shadow?name=%24" + "s".repeat(63);

        assertThat(test.post(path, quoted("{'state':{}}")).statusCode()).isEqualTo(200);
        assertThat(test.get(path).statusCode()).isEqualTo(200);
        assertThat(test.get(path + "s").statusCode()).isEqualTo(400);
        assertThat(test.get("/things/" + "t".repeat(129) + "/shadow").statusCode())
                .isEqualTo(400);
    }

    @Test
    void named_shadows_are_listed_page_by_page_without_the_classic_one_and_the_deleted_ones() throws Exception {
        test.post(SHADOW, quoted("{'state':{}}"));
        test.post("/things/pump2/shadow?name=other", quoted("{'state':{}}"));
        for (String name : List.of("c", "a", "b", "$d", "gone")) {
            test.post(SHADOW + "?name=" + name, quoted("{'state':{}}"));
        }
        test.delete(SHADOW + "?name=gone");

        List<String> names = new ArrayList<>();
        String token = "";
        do {
            var page = json(test.get(LIST + "?pageSize=3" + token).body());
            page.path("results").forEach(name -> names.add(name.textValue()));
            assertThat(page.path("timestamp").longValue()).isEqualTo(1_000_000);
            token = page.has("nextToken")
                    ? "&nextToken=" + page.path("nextToken").textValue()
                    : "";
        } while (!token.isEmpty());

        assertThat(names).containsExactly("$d", "a", "b", "c");
        expect(
                test.get("/api/things/shadow/ListNamedShadowsForThing/nobody"),
                200,
                "{'results':[],'timestamp':1000000}");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /things/valve/shadow, iot:GetThingShadow, thing/valve",
        "GET, /things/valve/shadow?name=a, iot:GetThingShadow, thing/valve/a",
        "POST, /things/valve/shadow, iot:UpdateThingShadow, thing/valve",
        "POST, /things/valve/shadow?name=a, iot:UpdateThingShadow, thing/valve/a",
        "DELETE, /things/valve/shadow, iot:DeleteThingShadow, thing/valve",
        "DELETE, /things/valve/shadow?name=a, iot:DeleteThingShadow, thing/valve/a",
        "GET, /api/things/shadow/ListNamedShadowsForThing/valve, iot:ListNamedShadowsForThing, thing/valve"
    })
    void nothing_works_without_the_policy_for_the_shadow(String method, String path, String action, String resource)
            throws Exception {
        test.post("/things/valve/shadow", quoted("{'state':{'reported':{'a':1}}}"));
        test.post("/things/valve/shadow?name=a", quoted("{'state':{'reported':{'a':1}}}"));
        test.denied = resource;

        var refused = test.send(
                path, HttpRequest.newBuilder().method(method, BodyPublishers.ofString(quoted("{'state':{}}"))));

        expectError(refused, 403, "ForbiddenException", "no policy allows " + action + " on " + resource);
        test.denied = "";
        assertThat(json(test.get("/things/valve/shadow").body()).path("version").intValue())
                .isEqualTo(1);
        assertThat(json(test.get("/things/valve/shadow?name=a").body())
                        .path("version")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void thing_is_asked_twenty_times_a_second_where_aws_limits_count() throws Exception {
        test.close();
        test = new TestShadows(new InMemoryTables(), new ShadowLimits(20, 10));
        for (int i = 0; i < 20; i++) {
            assertThat(test.get(SHADOW).statusCode()).isEqualTo(404);
        }

        expectError(test.get(SHADOW), 429, "ThrottlingException", "Too many requests");
        assertThat(test.get("/things/valve/shadow").statusCode()).isEqualTo(404);
    }

    @Test
    void of_two_updates_of_one_version_one_is_taken() throws Exception {
        test.post(SHADOW, quoted("{'state':{}}"));

        int taken = 0;
        for (int version = 1; version < 6; version++) {
            String update = quoted("{'state':{},'version':" + version + '}');
            try (var both = Executors.newVirtualThreadPerTaskExecutor()) {
                var first = both.submit(() -> test.post(SHADOW, update).statusCode());
                var second = both.submit(() -> test.post(SHADOW, update).statusCode());
                assertThat(List.of(first.get(), second.get())).containsExactlyInAnyOrder(200, 409);
                taken++;
            }
        }

        assertThat(json(test.get(SHADOW).body()).path("version").intValue()).isEqualTo(1 + taken);
    }
}
