package dev.roundtrip.local.iot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.WrongRequest;
import dev.roundtrip.local.store.table.InMemoryTables;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Wrong requests for commands, made from what the tables of operations say of their input. */
class CommandInputVariantsTest {
    /** How many variants there were when this was last looked at; it may only rise. */
    private static final int AT_LEAST = 64;

    private final TestCommands test = new TestCommands(new InMemoryTables());

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private Answer ask(WrongRequest wrong) {
        boolean start = wrong.operation().name().equals("StartCommandExecution");
        WrongRequest.Sent sent = wrong.sent();
        return test.ask(start ? "iot-jobs-data" : "iot", wrong.operation().method(), sent.target(), sent.body());
    }

    @Test
    void each_wrong_request_is_a_validation_error() {
        List<WrongRequest> variants = test.operations()
                .flatMap(operation -> WrongRequest.of(operation).stream())
                .toList();

        assertThat(variants).hasSizeGreaterThanOrEqualTo(AT_LEAST).allSatisfy(variant -> {
            Answer answer = ask(variant);
            assertThat(answer.error()).as(variant.toString()).isEqualTo("ValidationException");
            assertThat(answer.status()).as(variant.toString()).isEqualTo(400);
        });
    }

    @Test
    void each_operation_is_refused_without_its_permission_and_asks_for_its_own_action() {
        test.denied = "*";

        assertThat(test.operations()).isNotEmpty().allSatisfy((Operation operation) -> {
            test.asked.clear();
            // No wrong member: the policy is asked with what the request has.
            Answer answer = ask(new WrongRequest(operation, Member.path("none"), "right", List.of("")));
            assertThat(answer.status()).as(operation.name()).isEqualTo(403);
            assertThat(answer.error()).as(operation.name()).isEqualTo("ForbiddenException");
            assertThat(test.asked.getFirst().action()).isEqualTo("iot:" + operation.name());
        });
    }
}
