package dev.roundtrip.mqtt;

/** What a policy may allow; named as the actions of AWS IoT policies, {@code iot:Connect} and so on. */
public enum Action {
    /** Connect; the resource is the client id. */
    CONNECT,
    /** Publish; the resource is the topic. */
    PUBLISH,
    /** Publish a message that the broker retains, beside {@link #PUBLISH}; the resource is the topic. */
    RETAIN_PUBLISH,
    /** Subscribe; the resource is the topic filter as the client wrote it. */
    SUBSCRIBE,
    /** Receive a message; the resource is its topic. */
    RECEIVE
}
