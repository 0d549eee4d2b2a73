package dev.roundtrip.local.iot.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.http.GatewayClient.Answer;
import dev.roundtrip.local.http.operation.Member;
import dev.roundtrip.local.http.operation.Operation;
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
        List<WrongRequest> variants = test.table.operations().stream()
                .flatMap(operation -> WrongRequest.of(operation).stream())
                .toList();

        System.out.println("variants of requests to the control plane: " + variants.size());
        assertThat(variants).hasSizeGreaterThanOrEqualTo(AT_LEAST).allSatisfy(variant -> {
            Answer answer = ask(variant);
            assertThat(answer.error()).as(variant.toString()).isEqualTo("InvalidRequestException");
            assertThat(answer.status()).as(variant.toString()).isEqualTo(400);
        });
    }

    @Test
    void each_operation_is_refused_without_its_permission_and_asks_for_its_own_action() {
        test.denied = "*";
        List<Operation> served = test.table.operations().stream()
                .filter(operation -> operation.handler() != null)
                .toList();

        assertThat(served).isNotEmpty().allSatisfy(operation -> {
            test.asked.clear();
            // No wrong member: the policy is asked with what the request has.
            Member none = Member.path("none");
            Answer answer = ask(new WrongRequest(operation, none, "right", List.of("")));
            assertThat(answer.status()).as(operation.name()).isEqualTo(403);
            assertThat(answer.error()).as(operation.name()).isEqualTo("ForbiddenException");
            assertThat(test.asked.getFirst().action()).isEqualTo("iot:" + operation.name());
        });
    }
}
