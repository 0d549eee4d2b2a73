package dev.roundtrip.device.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.shadow.ShadowAgent.Verdict;
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
}
