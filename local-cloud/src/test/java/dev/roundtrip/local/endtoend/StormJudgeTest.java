package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.responder.Command;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.Refusals;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The judge of storms sees what is wrong. */
class StormJudgeTest {
    private static final Instant ASKED = Instant.parse("2026-11-21T08:00:00Z");
    private static final Instant DEADLINE = ASKED.plusSeconds(2);
    private static final Instant IN_TIME = ASKED.plusMillis(10);

    private final StormLedger ledger = new StormLedger();
    private final Command command = command("1");

    private static Command command(String request) {
        Route route = new Route(new ClientPrefix("gw"), MessageId.random(), new Target("pump"), new Method("echo"));
        return new Command(route, JsonText.string(request), IN_TIME, DEADLINE, Command.Gateway.ROUNDTRIP);
    }

    private void received() {
        ledger.on(new CommandEvent.Received(command));
    }

    private void ran(Instant at) {
        ledger.on(new CommandEvent.Ran(command, at));
    }

    private List<String> judgement(int status, String result, String... more) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("result", result).put("id", command.id().toString()).put("elapsed", "2000");
        for (int i = 0; i < more.length; i += 2) {
            body.put(more[i], more[i + 1]);
        }
        StormEnding ending = new StormEnding(StormCall.calm(1, "pump"), status, body, ASKED, ASKED.plusMillis(2_010));
        ObjectNode line = Json.mapper().createObjectNode().put("event", "call").put("result", result);
        line.put("id", command.id().toString());
        return new StormJudge(ledger, List.of(line.toString())).judge(List.of(ending));
    }

    @Test
    void true_endings_are_well() {
        received();
        ran(IN_TIME);

        assertThat(judgement(200, "ok", "response", "1")).isEmpty();
        assertThat(judgement(504, "timeout")).isEmpty();
    }

    @Test
    void answer_to_another_request_is_seen() {
        received();
        ran(IN_TIME);

        assertThat(judgement(200, "ok", "response", "2").getFirst())
                .contains("another answer", "call 1: GET ?target=pump", "received", "ran at", "HTTP 200");
    }

    @Test
    void ok_that_did_not_run_is_seen() {
        assertThat(judgement(200, "ok", "response", "1").getFirst()).startsWith("it did not run");
    }

    @Test
    void run_that_was_denied_is_seen() {
        received();

        assertThat(Stream.of(503, 429))
                .allSatisfy(status ->
                        assertThat(judgement(status, "any").getFirst()).startsWith("it reached its device"));
    }

    @Test
    void second_run_is_seen() {
        received();
        ran(IN_TIME);
        ran(IN_TIME);

        assertThat(judgement(504, "timeout").getFirst()).startsWith("it ran 2 times");
    }

    @Test
    void run_after_the_deadline_is_seen() {
        received();
        ran(DEADLINE.plusMillis(1));

        assertThat(judgement(504, "timeout").getFirst()).startsWith("it ran after its deadline");
    }

    @Test
    void failure_that_the_device_does_not_know_of_is_seen() {
        received();

        assertThat(judgement(502, "device_error").getFirst()).startsWith("the device tells another story");
        ledger.on(new CommandEvent.Refused(command, Refusals.BUSY));
        ran(IN_TIME);
        assertThat(judgement(502, "device_error").getFirst()).startsWith("the device tells another story");
    }

    @Test
    void refusal_that_the_device_does_not_know_of_is_seen() {
        received();

        assertThat(judgement(409, "refused").getFirst()).startsWith("the device tells another story");
        ledger.on(new CommandEvent.Refused(command, Refusals.BUSY));
        ran(IN_TIME);
        assertThat(judgement(409, "refused").getFirst()).startsWith("the device tells another story");
    }

    @Test
    void timeout_that_came_too_early_is_seen() {
        assertThat(judgement(504, "timeout", "elapsed", "1999").getFirst()).startsWith("the time was not over");
    }

    @Test
    void command_of_nobody_is_seen() {
        ledger.on(new CommandEvent.Received(command("2")));

        assertThat(judgement(504, "timeout").getFirst()).startsWith("a device got a command that belongs to no call");
    }

    @Test
    void defect_is_seen() {
        assertThat(judgement(500, "internal_error").getFirst()).startsWith("there is no such ending");
    }
}
