package dev.roundtrip.local.http.operation;

import dev.roundtrip.local.http.ErrorType;
import java.util.List;

/** What the request of an operation must have, as a table: a test makes wrong requests from it. Members that it does
 * not name are passed over. Immutable.
 *
 * @param invalid how a request is refused that is wrong
 */
public record Input(List<Member> members, ErrorType invalid) {
    /** Demands nothing. */
    static final Input NONE = new Input(List.of(), ErrorType.INVALID_REQUEST);

    public Input {
        members = List.copyOf(members);
    }

    void check(OperationRequest request) throws Refusal {
        for (Member member : members) {
            member.check(request);
        }
    }

    /** A refusal as this operation's model names it. */
    Refusal named(Refusal refusal) {
        return refusal.type() == ErrorType.INVALID_REQUEST && invalid != ErrorType.INVALID_REQUEST
                ? new Refusal(invalid, String.valueOf(refusal.getMessage()), refusal.members())
                : refusal;
    }
}
