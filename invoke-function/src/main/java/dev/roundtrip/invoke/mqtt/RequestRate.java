package dev.roundtrip.invoke.mqtt;

/** How many requests a connection sends in a second. */
public sealed interface RequestRate {

    /** As many as there are calls: right where the broker has no such limit. */
    record Unlimited() implements RequestRate {}

    /** In any second no more than this.
     *
     * @param requests 1 or more
     */
    record PerSecond(int requests) implements RequestRate {
        /** @throws IllegalArgumentException when it is less than 1 */
        public PerSecond {
            if (requests < 1) {
                throw new IllegalArgumentException("at least one request a second must be sent, not " + requests);
            }
        }
    }
}
