package dev.roundtrip.mqtt;

/** What one connection may do, with every policy variable already resolved.
 *
 * <p>Asked for every message, from several threads at once: implementations are thread-safe, do not block, and are
 * cheap.
 */
@FunctionalInterface
public interface Permissions {
    /** Tells whether the action is allowed.
     *
     * @param resource a client id, topic or topic filter, as {@link Action} says; what a client sent, so anything
     */
    boolean allows(Action action, String resource);

    /** Why {@link #allows} says no, for a log: which statement of a policy denies the action, or that none allows it.
     * May cost more.
     *
     * @param resource as in {@link #allows}
     */
    default String refusal(Action action, String resource) {
        return "no statement allows it";
    }
}
