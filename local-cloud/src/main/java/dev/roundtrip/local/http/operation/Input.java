package dev.roundtrip.local.http.operation;

import java.util.List;

/** What the request of an operation must have, as a table: a test makes wrong requests from it. Members that it does
 * not name are passed over. Immutable.
 */
public record Input(List<Member> members) {
    /** Demands nothing. */
    static final Input NONE = new Input(List.of());

    public Input {
        members = List.copyOf(members);
    }

    void check(OperationRequest request) throws Refusal {
        for (Member member : members) {
            member.check(request);
        }
    }
}
