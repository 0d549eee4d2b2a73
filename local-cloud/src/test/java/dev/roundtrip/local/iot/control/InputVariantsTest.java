package dev.roundtrip.local.iot.control;

import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationChecks;
import dev.roundtrip.local.http.operation.WrongRequest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Wrong requests, made from what the table of operations says of their input: each has one member that is missing, too
 * short or long, of another form, or none of the values there are.
 */
class InputVariantsTest {
    /** How many variants there were when this was last looked at; it may only rise. */
    private static final int AT_LEAST = 179;

    private final TestControlPlane test = new TestControlPlane();

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    private Answer ask(WrongRequest wrong) {
        WrongRequest.Sent sent = wrong.sent();
        return test.ask(
                wrong.operation().method(),
                sent.target(),
                sent.body(),
                sent.headers().toArray(String[]::new));
    }

    @Test
    void each_wrong_request_is_refused_as_invalid() {
        new OperationChecks(served(), this::ask).eachWrongRequestIsRefused(AT_LEAST, "InvalidRequestException");
    }

    private List<Operation> served() {
        return test.table.operations().stream()
                .filter(operation -> operation.handler() != null)
                .toList();
    }

    @Test
    void each_operation_is_refused_without_its_permission_and_asks_for_its_own_action() {
        test.denied = "*";

        new OperationChecks(served(), this::ask).eachOperationNeedsItsPermission(test.asked);
    }
}
