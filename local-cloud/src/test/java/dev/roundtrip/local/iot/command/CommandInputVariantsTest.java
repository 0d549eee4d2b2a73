package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.operation.OperationChecks;
import dev.roundtrip.local.http.operation.WrongRequest;
import dev.roundtrip.local.store.table.InMemoryTables;
import java.io.IOException;
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
        new OperationChecks(test.operations, this::ask).eachWrongRequestIsRefused(AT_LEAST, "ValidationException");
    }

    @Test
    void each_operation_is_refused_without_its_permission_and_asks_for_its_own_action() {
        test.denied = "*";

        new OperationChecks(test.operations, this::ask).eachOperationNeedsItsPermission(test.asked);
    }
}
