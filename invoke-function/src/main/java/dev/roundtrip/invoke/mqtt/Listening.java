package dev.roundtrip.invoke.mqtt;

/** How the answers' topics are subscribed. */
public enum Listening {
    /** One answer topic for each call: right where many processes share a prefix. */
    PER_CALL,
    /** One wildcard for the deployment: right where one process serves all of its calls. */
    SHARED,
    /** One wildcard for the process, whose name is a level of the topics of its calls: right where many processes share
     * a prefix and serve many calls each.
     */
    INSTANCE
}
