package dev.roundtrip.auth.policy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A policy document that was read and understood. What cannot be understood is refused here, so that nothing is
 * allowed by mistake. Immutable.
 */
public final class Policy {
    private final List<Statement> statements;

    Policy(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    /** Reads a document.
     *
     * <p>It must have the version {@code 2012-10-17}, the only one with policy variables, and no element but
     * {@code Version}, {@code Id} and {@code Statement}; a statement has {@code Sid}, {@code Effect}, {@code Action} or
     * {@code NotAction}, {@code Resource} or {@code NotResource}, and {@code Condition}.
     *
     * @param json any text
     * @throws MalformedPolicyException when it is not JSON, is longer than its type may be, lacks an element, or has
     *     one that is not known here
     */
    public static Policy parse(PolicyType type, String json) throws MalformedPolicyException {
        return new Policy(PolicyReader.read(type, json));
    }

    /** The policy variables of statements about an action that have no value, so that the statements speak of nothing.
     *
     * @param action for example {@code iot:Publish}, in any case
     * @return their names as written, sorted
     */
    public Set<String> missing(String action, PolicyContext context) {
        Set<String> names = new TreeSet<>();
        for (Statement statement : statements) {
            if (statement.speaksOf(action)) {
                statement.variables().stream()
                        .filter(name -> context.value(name).isEmpty())
                        .forEach(names::add);
            }
        }
        return names;
    }

    List<Statement> statements() {
        return statements;
    }
}
