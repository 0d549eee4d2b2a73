package dev.roundtrip.device.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShadowAgentTest {
    private final List<JsonNode> applied = new ArrayList<>();
    private final Map<String, ShadowProperty> properties = Map.of("speed", wanted -> {
        if (wanted.asInt() > 100) {
            throw new ShadowRefusedException(422, "too fast");
        }
        applied.add(wanted);
        return wanted;
    });
    private ShadowAgent agent = agent((property, wanted) -> Optional.empty(), Clearing.NOTHING);

    private ShadowAgent agent(OtherProperties others, Clearing clearing) {
        return new ShadowAgent(new ShadowRules(properties, others, clearing));
    }

    private static JsonNode json(String text) throws MalformedJsonException {
        return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode delta(long version, int speed, String token) throws MalformedJsonException {
        return json("{'version':%d,'state':{'speed':%d},'clientToken':'%s'}".formatted(version, speed, token));
    }

    /** Connects; the shadow has this version and desires this speed. */
    private void connect(long version, int speed) throws MalformedJsonException {
        String token = token(agent.get());
        assertThat(agent.got(json("{'version':%d,'state':{'delta':{'speed':%d}},'clientToken':'%s'}"
                        .formatted(version, speed, token))))
                .isEqualTo(Verdict.DONE);
    }

    private static String token(byte[] request) throws MalformedJsonException {
        return Json.read(request).path("clientToken").textValue();
    }

    private JsonNode report() throws MalformedJsonException {
        byte[] report = agent.nextReport();
        if (report == null) {
            throw new AssertionError("nothing is to be reported");
        }
        return Json.read(report);
    }

    private void applyAll() {
        boolean more = true;
        while (more) {
            more = agent.applyNext();
        }
    }

    @Test
    void what_is_desired_while_the_device_is_away_is_applied_and_reported() throws Exception {
        connect(7, 50);
        applyAll();

        JsonNode report = report();

        assertThat(report.path("state").path("reported"))
                .isEqualTo(json("{'speed':50,'acks':{'speed':{'ac':200,'av':7,'ad':'applied'}}}"));
    }

    @Test
    void an_older_delta_is_dropped_and_one_with_the_same_version_counts() throws Exception {
        connect(7, 50);
        applyAll();

        agent.delta(delta(6, 40, "app"));
        applyAll();
        agent.delta(delta(7, 60, "app"));
        applyAll();

        assertThat(applied).extracting(JsonNode::asInt).containsExactly(50, 60);
    }

    @Test
    void a_refusal_is_acknowledged_once_and_its_own_delta_starts_nothing() throws Exception {
        connect(7, 500);
        applyAll();
        JsonNode request = report();
        String token = request.path("clientToken").textValue();

        agent.delta(delta(8, 500, token));
        agent.accepted(json("{'clientToken':'%s','version':8}".formatted(token)));

        assertThat(request.path("state").path("reported"))
                .isEqualTo(json("{'acks':{'speed':{'ac':422,'av':7,'ad':'too fast'}}}"));
        assertThat(agent.applyNext()).isFalse();
        assertThat(agent.nextReport()).isNull();
    }

    @Test
    void a_report_that_was_not_confirmed_is_made_again_after_the_next_get() throws Exception {
        connect(7, 50);
        applyAll();
        agent.nextReport();

        byte[] get = agent.get();
        assertThat(agent.nextReport()).isNull();
        agent.got(json("{'version':7,'state':{'delta':{'speed':50}},'clientToken':'%s'}".formatted(token(get))));
        applyAll();

        assertThat(applied).hasSize(1);
        assertThat(report().path("state").path("reported").path("speed")).isEqualTo(json("50"));
    }

    @Test
    void a_shadow_that_does_not_exist_is_no_failure() throws Exception {
        String token = token(agent.get());

        Verdict verdict = agent.getRejected(json("{'code':404,'clientToken':'%s'}".formatted(token)));
        agent.report("speed", json("3"));

        assertThat(verdict).isEqualTo(Verdict.DONE);
        assertThat(agent.nextReport()).isNotNull();
    }

    @Test
    void changes_while_a_report_is_in_flight_are_merged_into_the_next_one() throws Exception {
        connect(7, 50);
        applyAll();
        String token = report().path("clientToken").textValue();

        agent.report("heat", json("1"));
        agent.report("heat", json("2"));
        assertThat(agent.nextReport()).isNull();
        agent.accepted(json("{'clientToken':'%s'}".formatted(token)));

        assertThat(report().path("state").path("reported")).isEqualTo(json("{'heat':2}"));
    }

    @Test
    void a_refusal_keeps_what_was_changed_locally_and_is_not_reported_yet() throws Exception {
        agent.report("speed", json("5"));
        connect(7, 200);

        applyAll();

        assertThat(report().path("state").path("reported"))
                .isEqualTo(json("{'speed':5,'acks':{'speed':{'ac':422,'av':7,'ad':'too fast'}}}"));
    }

    @Test
    void a_local_change_keeps_an_acknowledgement_that_is_not_reported_yet() throws Exception {
        connect(7, 200);
        applyAll();

        agent.report("speed", json("5"));

        assertThat(report().path("state").path("reported"))
                .isEqualTo(json("{'speed':5,'acks':{'speed':{'ac':422,'av':7,'ad':'too fast'}}}"));
    }

    @Test
    void other_properties_are_applied_by_one_handler_which_may_say_nothing() throws Exception {
        agent = agent(
                (property, wanted) -> property.equals("mode") ? Optional.of(wanted) : Optional.empty(),
                Clearing.NOTHING);
        String token = token(agent.get());

        agent.got(json("{'version':3,'state':{'delta':{'mode':[1],'door':'open','acks':{'mode':{'ac':500}}}},"
                + "'clientToken':'" + token + "'}"));
        applyAll();

        assertThat(report().path("state"))
                .isEqualTo(json("{'reported':{'mode':[1],'acks':{'mode':{'ac':200,'av':3,'ad':'applied'}}}}"));
    }

    @Test
    void all_that_is_desired_is_cleared_with_an_applied_value_and_not_with_a_refused_one() throws Exception {
        agent = agent((property, wanted) -> Optional.empty(), Clearing.EVERYTHING);
        connect(7, 200);
        applyAll();
        JsonNode refused = report();
        agent.unanswered();

        agent.delta(delta(8, 50, "somebody"));
        applyAll();

        assertThat(refused.path("state").has("desired")).isFalse();
        JsonNode applying = report();
        assertThat(applying.path("state").get("desired")).isEqualTo(json("null"));
        assertThat(applying.path("version").asLong()).isEqualTo(8);
    }

    @Test
    void whoever_desires_ever_new_properties_does_not_fill_the_memory_of_the_device() throws Exception {
        connect(1, 1);
        applyAll();
        for (int version = 2; version < 5_000; version++) {
            agent.delta(json("{'version':%d,'state':{'p%d':1}}".formatted(version, version)));
            applyAll();
        }

        assertThat(agent.remembered()).isEqualTo(2_048);
    }

    private void connectTo(String document) throws MalformedJsonException {
        String token = token(agent.get());
        assertThat(agent.got(json(document.replaceFirst("\\}$", ",'clientToken':'" + token + "'}"))))
                .isEqualTo(Verdict.DONE);
    }

    private static String token(JsonNode request) {
        return request.path("clientToken").textValue();
    }

    private Verdict answer(JsonNode request, String members) throws MalformedJsonException {
        JsonNode answer = json("{%s,'clientToken':'%s'}".formatted(members, token(request)));
        return members.contains("'code'") ? agent.rejected(answer) : agent.accepted(answer);
    }

    private static JsonNode text(int length) {
        return TextNode.valueOf("x".repeat(length));
    }

    /** Answers each report as a shadow does that holds 8 KB.
     *
     * @return what the shadow holds
     */
    private ObjectNode reportedInto(ObjectNode shadow) throws MalformedJsonException {
        int requests = 0;
        byte[] report = agent.nextReport();
        while (report != null) {
            assertThat(requests++).as("requests").isLessThan(1_000);
            JsonNode request = Json.read(report);
            ObjectNode next = shadow.deepCopy();
            request.path("state").path("reported").properties().forEach(member -> {
                if (member.getKey().equals("acks")) {
                    next.withObject("acks").setAll((ObjectNode) member.getValue());
                } else {
                    next.set(member.getKey(), member.getValue());
                }
            });
            if (Json.write(next).length > 8_192) {
                answer(request, "'code':413");
            } else {
                shadow.setAll(next);
                answer(request, "'version':9");
            }
            report = agent.nextReport();
        }
        return shadow;
    }

    @Test
    void value_that_the_service_refuses_does_not_take_others_with_it() throws Exception {
        agent.report("log", text(7_000));
        agent.report("picture", text(7_000));
        agent.report("temp", json("21"));
        connect(7, 50);
        applyAll();

        ObjectNode shadow = reportedInto(Json.object());

        assertThat(shadow.path("temp")).isEqualTo(json("21"));
        assertThat(shadow.path("speed")).isEqualTo(json("50"));
        assertThat(shadow.path("acks").path("speed").path("ac").asInt()).isEqualTo(200);
        assertThat(shadow.has("log")).isNotEqualTo(shadow.has("picture"));
    }

    @Test
    void all_that_a_shadow_can_hold_is_reported_among_many_refused_values() throws Exception {
        for (int i = 0; i < 200; i++) {
            agent.report("p" + i, i % 3 == 0 ? text(8_100) : json("1"));
        }
        connectTo("{'version':1}");

        ObjectNode shadow = reportedInto(Json.object().put("full", "x".repeat(5_000)));

        for (int i = 0; i < 200; i++) {
            assertThat(shadow.has("p" + i)).as("p" + i).isEqualTo(i % 3 != 0);
        }
    }

    @Test
    void report_has_no_more_than_a_shadow_can_hold() throws Exception {
        for (int i = 0; i < 20; i++) {
            agent.report("p" + i, text(5_000));
        }
        connectTo("{'version':1}");

        for (int i = 0; i < 20; i++) {
            JsonNode request = report();
            assertThat(Json.write(request).length).isLessThan(8_192);
            answer(request, "'version':2");
        }
        assertThat(agent.nextReport()).isNull();
    }

    @Test
    void acknowledgement_of_a_value_that_the_service_refuses_is_reported() throws Exception {
        agent = agent((property, wanted) -> Optional.of(text(7_000)), Clearing.NOTHING);
        connectTo("{'version':1,'state':{'delta':{'picture':'cat'}}}");
        applyAll();

        ObjectNode shadow = reportedInto(Json.object().put("full", "x".repeat(5_000)));

        assertThat(shadow.has("picture")).isFalse();
        assertThat(shadow.path("acks").path("picture").path("ac").asInt()).isEqualTo(200);
    }

    @Test
    void value_that_no_shadow_can_hold_is_refused_by_the_library() throws Exception {
        agent = agent((property, wanted) -> Optional.of(text(9_000)), Clearing.NOTHING);
        connectTo("{'version':1,'state':{'delta':{'picture':'cat'}}}");
        applyAll();

        JsonNode reported = report().path("state").path("reported");

        assertThat(reported.has("picture")).isFalse();
        assertThat(reported.path("acks").path("picture").path("ac").asInt()).isEqualTo(500);
    }

    @Test
    void value_that_the_service_refuses_is_reported_again_after_the_next_connect() throws Exception {
        agent.report("picture", text(7_000));
        connectTo("{'version':1}");
        assertThat(answer(report(), "'code':413")).isEqualTo(Verdict.REFUSED);
        assertThat(agent.nextReport()).isNull();

        agent.connected();
        connectTo("{'version':1}");

        assertThat(report().path("state").path("reported").has("picture")).isTrue();
    }

    @Test
    void change_after_a_refused_value_is_reported_at_once() throws Exception {
        agent.report("picture", text(7_000));
        connectTo("{'version':1}");
        answer(report(), "'code':413");

        agent.report("picture", text(7));

        JsonNode request = report();
        assertThat(request.path("state").path("reported")).isEqualTo(json("{'picture':'xxxxxxx'}"));
        answer(request, "'version':2");
        agent.connected();
        connectTo("{'version':2}");
        assertThat(agent.nextReport()).isNull();
    }

    @Test
    void report_that_is_forbidden_is_kept() throws Exception {
        connect(7, 50);
        applyAll();

        Verdict verdict = answer(report(), "'code':403");

        assertThat(verdict).isEqualTo(Verdict.DENIED);
        assertThat(report().path("state").path("reported").path("speed")).isEqualTo(json("50"));
    }

    @Test
    void nothing_is_reported_between_a_new_connection_and_the_answer_to_its_get() throws Exception {
        connect(7, 50);
        applyAll();
        JsonNode earlier = report();

        agent.connected();
        agent.report("heat", json("1"));

        assertThat(agent.nextReport()).isNull();
        assertThat(answer(earlier, "'version':8")).isEqualTo(Verdict.NOT_OURS);
    }

    @Test
    void own_report_does_not_make_the_next_one_a_conflict() throws Exception {
        agent = agent((property, wanted) -> Optional.empty(), Clearing.APPLIED);
        connectTo("{'version':7}");
        agent.report("heat", json("1"));
        JsonNode heat = report();
        agent.delta(delta(8, 50, "app"));
        applyAll();

        answer(heat, "'version':9");

        assertThat(report().path("version").asLong()).isEqualTo(9);
    }

    @Test
    void wish_that_came_before_an_own_report_and_was_not_heard_of_is_not_cleared() throws Exception {
        agent = agent((property, wanted) -> Optional.empty(), Clearing.APPLIED);
        connectTo("{'version':6}");
        agent.report("heat", json("1"));
        JsonNode heat = report();
        agent.delta(delta(7, 50, "app"));
        applyAll();

        // Version 8 desires another speed, and its delta is late.
        answer(heat, "'version':9");

        assertThat(report().path("version").asLong()).isEqualTo(7);
    }

    @Test
    void value_and_acknowledgement_are_reported_although_others_write_all_the_time() throws Exception {
        agent = agent((property, wanted) -> Optional.empty(), Clearing.APPLIED);
        connect(7, 50);
        applyAll();
        assertThat(answer(report(), "'code':409")).isEqualTo(Verdict.GET_AGAIN);
        connectTo("{'version':9,'state':{'delta':{'speed':50}}}");
        applyAll();

        JsonNode value = report();
        answer(value, "'version':12");
        JsonNode clearing = report();

        assertThat(value.has("version")).isFalse();
        assertThat(value.path("state"))
                .isEqualTo(json("{'reported':{'speed':50,'acks':{'speed':{'ac':200,'av':9,'ad':'applied'}}}}"));
        assertThat(clearing.path("version").asLong()).isEqualTo(9);
        assertThat(clearing.path("state")).isEqualTo(json("{'desired':{'speed':null}}"));
        assertThat(answer(clearing, "'code':409")).isEqualTo(Verdict.GET_AGAIN);
        connectTo("{'version':14}");
        JsonNode again = report();
        assertThat(again.path("version").asLong()).isEqualTo(14);
        answer(again, "'version':15");
        assertThat(agent.nextReport()).isNull();
    }

    @Test
    void shadow_that_begins_at_one_again_on_the_same_connection_is_asked_for() throws Exception {
        connect(12, 50);
        applyAll();
        answer(report(), "'version':13");

        Verdict verdict = agent.delta(delta(1, 50, "app"));
        assertThat(verdict).isEqualTo(Verdict.GET_AGAIN);
        connect(1, 50);
        applyAll();
        agent.delta(delta(2, 60, "app"));
        applyAll();

        assertThat(applied).extracting(JsonNode::asInt).containsExactly(50, 50, 60);
    }

    @Test
    void answer_to_get_that_was_overtaken_by_a_delta_does_not_bring_an_old_wish_back() throws Exception {
        connect(12, 50);
        applyAll();
        agent.delta(delta(11, 40, "app"));
        String token = token(agent.get());
        agent.delta(delta(14, 60, "app"));
        applyAll();

        agent.got(json("{'version':13,'state':{'delta':{'speed':55}},'clientToken':'%s'}".formatted(token)));
        applyAll();

        assertThat(applied).extracting(JsonNode::asInt).containsExactly(50, 60);
    }

    @Test
    void get_that_is_refused_is_due_again() throws Exception {
        String token = token(agent.get());

        assertThat(agent.getRejected(json("{'code':403,'clientToken':'%s'}".formatted(token))))
                .isEqualTo(Verdict.DENIED);

        assertThat(agent.isKnown()).isFalse();
        connect(7, 50);
        applyAll();
        assertThat(agent.nextReport()).isNotNull();
    }

    @Test
    void whoever_desires_ever_new_properties_while_reports_are_refused_does_not_fill_the_memory() throws Exception {
        agent = agent((property, wanted) -> Optional.of(wanted), Clearing.APPLIED);
        connect(1, 1);
        applyAll();
        JsonNode unanswered = report();
        for (int version = 2; version < 3_000; version++) {
            agent.delta(json("{'version':%d,'state':{'p%d':1,'speed':%d}}".formatted(version, version, version % 100)));
            applyAll();
        }

        assertThat(agent.waiting()).isEqualTo(512);
        assertThat(applied.getLast().asInt()).isEqualTo(2_999 % 100);
        answer(unanswered, "'version':3000");
        byte[] report = agent.nextReport();
        while (report != null) {
            answer(Json.read(report), "'version':3001");
            report = agent.nextReport();
        }
        assertThat(agent.waiting()).isZero();
    }

    @Test
    void delta_between_a_get_and_the_answer_of_a_shadow_that_begins_anew_is_not_lost() throws Exception {
        connect(12, 50);
        agent.delta(delta(1, 50, "app"));
        String token = token(agent.get());
        agent.delta(delta(2, 60, "app"));

        Verdict verdict = agent.got(json("{'version':1,'state':{},'clientToken':'%s'}".formatted(token)));

        assertThat(verdict).isEqualTo(Verdict.GET_AGAIN);
        connect(2, 60);
        applyAll();
        assertThat(applied).extracting(JsonNode::asInt).containsExactly(60);
    }

    @Test
    void answer_to_an_earlier_report_does_not_end_the_wait_for_a_get_that_is_due() throws Exception {
        connect(7, 50);
        applyAll();
        JsonNode request = report();

        agent.missed();

        assertThat(answer(request, "'version':8")).isEqualTo(Verdict.NOT_OURS);
        assertThat(agent.isKnown()).isFalse();
    }
}
