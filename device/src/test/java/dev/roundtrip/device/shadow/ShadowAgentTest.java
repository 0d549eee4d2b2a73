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
import org.junit.jupiter.api.Test;

class ShadowAgentTest {
    private final List<JsonNode> applied = new ArrayList<>();
    private final ShadowAgent agent = new ShadowAgent(
            Map.of("speed", wanted -> {
                if (wanted.asInt() > 100) {
                    throw new ShadowRefusedException(422, "too fast");
                }
                applied.add(wanted);
                return wanted;
            }),
            false);

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
}
