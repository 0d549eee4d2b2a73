package dev.roundtrip.local.iot.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.http.TestGateway;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Member.Kind;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.http.operation.WrongRequest;
import dev.roundtrip.local.http.operation.WrongRequest.Sent;
import dev.roundtrip.local.iot.shadow.TestShadows;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Wrong requests to the data plane, made from AWS's service model {@code iot-data-2015-05-28} and from the limits of
 * AWS IoT. The handlers look at their input themselves, so that what a member takes stands here.
 */
class DataPlaneInputTest {
    /** How many variants there were when this was last looked at; it may only rise. */
    private static final int AT_LEAST = 75;

    private static final Member CLIENT = Member.path("clientId").length(1, 128);
    private static final Member THING = Member.path("thingName").length(1, 128).matching("[a-zA-Z0-9:_-]+");
    private static final Member SHADOW = Member.query("name").length(1, 64).matching("[$a-zA-Z0-9:_-]+");
    private static final Member TOKEN = Member.query("nextToken").matching("[A-Za-z0-9_-]*");
    private static final Member RESULTS = Member.query("maxResults").number(1, 200);

    private static final Member[] MESSAGE = {
        Member.query("responseTopic").length(0, 256),
        Member.header("payloadFormatIndicator", "x-amz-mqtt5-payload-format-indicator")
                .oneOf("UNSPECIFIED_BYTES", "UTF8_DATA")
    };

    private static final Map<String, Member[]> MEMBERS = Map.ofEntries(
            Map.entry(
                    "SendDirectMessage",
                    and(MESSAGE, CLIENT, Member.query("topic").length(1, 256).mandatory(), flag("confirmation"))),
            Map.entry("GetConnection", new Member[] {CLIENT, flag("includeSocketInformation")}),
            Map.entry("ListSubscriptions", new Member[] {CLIENT, RESULTS, TOKEN}),
            Map.entry("DeleteConnection", new Member[] {CLIENT, flag("cleanSession"), flag("preventWillMessage")}),
            Map.entry(
                    "Publish",
                    and(
                            MESSAGE,
                            Member.path("topic").length(1, 256),
                            Member.query("qos").number(0, 1),
                            flag("retain"),
                            Member.query("messageExpiry").number(0, 0xFFFF_FFFFL))),
            Map.entry("ListRetainedMessages", new Member[] {RESULTS, TOKEN}),
            Map.entry("GetThingShadow", new Member[] {THING, SHADOW}),
            Map.entry("UpdateThingShadow", new Member[] {THING, SHADOW}),
            Map.entry("DeleteThingShadow", new Member[] {THING, SHADOW}),
            Map.entry(
                    "ListNamedShadowsForThing",
                    new Member[] {THING, Member.query("pageSize").number(1, 100), TOKEN}));

    /** A topic that is none has no message; the model demands nothing of it. */
    private static final List<String> WITHOUT_VARIANTS = List.of("GetRetainedMessage");

    private final TestBroker test = new TestGateway(
                    made -> DataPlane.of(made, BrokerLimits.local(), TestShadows.on(made)),
                    (request, source) -> new RequestAuthentication.Known(access -> true),
                    UnaryOperator.identity())
            .broker;

    private static Member flag(String name) {
        return Member.query(name).as(Kind.FLAG);
    }

    private static Member[] and(Member[] some, Member... others) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(others)).toArray(Member[]::new);
    }

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    /** Wrong in a way that no table of single members says. */
    private static Stream<Sent> others() {
        String send = "/connections/c/messages?topic=t";
        String properties = "x-amz-mqtt5-user-properties";
        return Stream.of(
                new Sent("POST", send + "&confirmation=true&timeout=0", "", List.of()),
                new Sent("POST", send + "&confirmation=true&timeout=16", "", List.of()),
                new Sent("POST", send + "&confirmation=true&timeout=x", "", List.of()),
                new Sent("POST", send + "&contentType=%00", "", List.of()),
                new Sent("POST", send + "&responseTopic=a/%23", "", List.of()),
                new Sent("POST", "/topics/t?contentType=%00", "", List.of()),
                new Sent("POST", "/topics/a%00", "", List.of()),
                new Sent("POST", send + "&topic=u", "", List.of()),
                new Sent("POST", "/connections/c/messages?topic=%24aws/x", "", List.of()),
                new Sent("POST", "/connections/c/messages?topic=a/%2B", "", List.of()),
                new Sent("POST", "/connections/%24c/messages?topic=t", "", List.of()),
                new Sent("POST", "/topics/a%2F%23", "", List.of()),
                new Sent("POST", "/topics/a%2Fb%2Fc%2Fd%2Fe%2Ff%2Fg%2Fh%2Fi", "", List.of()),
                new Sent("POST", "/topics/%24aws%2Fevents%2Fx", "", List.of()),
                new Sent("POST", "/topics/t", "", List.of("x-amz-mqtt5-correlation-data", "?")),
                new Sent("POST", "/topics/t", "", List.of(properties, "?")),
                new Sent("POST", "/topics/t", "", List.of(properties, "e30=")),
                new Sent("POST", "/topics/t", "", List.of(properties, "W3siYSI6MX1d")),
                new Sent("POST", "/things/t/shadow", "", List.of()),
                new Sent("POST", "/things/t/shadow", "{", List.of()),
                new Sent("POST", "/things/t/shadow", "[]", List.of()),
                new Sent("POST", "/things/t/shadow", "{}", List.of()),
                new Sent("POST", "/things/t/shadow", "{\"state\":1}", List.of()),
                new Sent("POST", "/things/t/shadow", "{\"state\":{\"desired\":[]}}", List.of()),
                new Sent("POST", "/things/t/shadow", "{\"state\":{\"desired\":{\"a\":[null]}}}", List.of()),
                new Sent("POST", "/things/t/shadow", "{\"state\":{},\"version\":\"1\"}", List.of()),
                new Sent("POST", "/things/t/shadow", "{\"state\":{},\"clientToken\":1}", List.of()));
    }

    private HttpResponse<String> ask(HttpClient http, Sent asked) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + test.broker.gatewayPort() + asked.target()))
                .header("Authorization", "any")
                .method(
                        asked.method(),
                        asked.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(asked.body()));
        for (int i = 0; i < asked.headers().size(); i += 2) {
            request.header(asked.headers().get(i), asked.headers().get(i + 1));
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void each_wrong_request_is_refused_as_invalid() throws Exception {
        List<Sent> wrong = new ArrayList<>();
        for (Operation operation : DataPlane.of(test.broker, BrokerLimits.local(), TestShadows.on(test.broker))
                .operations()) {
            if (!WITHOUT_VARIANTS.contains(operation.name())) {
                Member[] members = Objects.requireNonNull(MEMBERS.get(operation.name()), operation.name());
                for (WrongRequest request : WrongRequest.of(operation.taking(members))) {
                    wrong.add(request.sent());
                }
            }
        }
        others().forEach(wrong::add);

        System.out.println("variants of requests to the data plane: " + wrong.size());
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TestBroker.AUTHORITY.client())
                .build()) {
            List<String> otherwise = new ArrayList<>();
            for (Sent request : wrong) {
                HttpResponse<String> answer = ask(http, request);
                String error = answer.headers().firstValue("x-amzn-ErrorType").orElse("");
                if (answer.statusCode() != 400 || !error.equals("InvalidRequestException")) {
                    otherwise.add(answer.statusCode() + " " + error + " " + request);
                }
            }

            assertThat(wrong).hasSizeGreaterThanOrEqualTo(AT_LEAST);
            assertThat(otherwise).isEmpty();
        }
    }
}
