package dev.roundtrip.local.http.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.http.GatewayClient.Answer;
import java.util.List;
import java.util.function.Function;

/** What holds for each operation of a service.
 *
 * @param operations which are served
 * @param ask sends a request
 */
public record OperationChecks(List<Operation> operations, Function<WrongRequest, Answer> ask) {
    public OperationChecks {
        operations = List.copyOf(operations);
    }

    /** Each wrong request is refused with 400.
     *
     * @param atLeast how many variants there were when this was last looked at; it may only rise
     */
    public void eachWrongRequestIsRefused(int atLeast, String error) {
        List<WrongRequest> variants = operations.stream()
                .flatMap(operation -> WrongRequest.of(operation).stream())
                .toList();

        System.out.println(
                "variants of requests to " + operations.getFirst().name() + " and others: " + variants.size());
        assertThat(variants).hasSizeGreaterThanOrEqualTo(atLeast).allSatisfy(variant -> {
            Answer answer = ask.apply(variant);
            assertThat(answer.error()).as(variant.toString()).isEqualTo(error);
            assertThat(answer.status()).as(variant.toString()).isEqualTo(400);
        });
    }

    /** Each operation asks for its own action, and is refused without the permission.
     *
     * @param asked what policies were asked for, which all deny now
     */
    public void eachOperationNeedsItsPermission(List<RequestAuthentication.Access> asked) {
        assertThat(operations).isNotEmpty().allSatisfy(operation -> {
            asked.clear();
            // No wrong member: the policy is asked with what the request has.
            Answer answer = ask.apply(new WrongRequest(operation, Member.path("none"), "right", List.of("")));
            assertThat(answer.status()).as(operation.name()).isEqualTo(403);
            assertThat(answer.error()).as(operation.name()).isEqualTo("ForbiddenException");
            assertThat(asked.getFirst().action()).isEqualTo("iot:" + operation.name());
        });
    }
}
