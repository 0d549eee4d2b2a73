package dev.roundtrip.local.journal;

/** What happened. The comments say what the members of an {@link Entry} mean for each step. */
public enum Step {
    /** The API received a request. Subject: the request id of API Gateway; detail: HTTP method and path. */
    RECEIVED,
    /** The signature is right and a policy allows the call. Client: the ARN of the signer; subject: the request id. */
    AUTHORIZED,
    /** The API refused a request. Client: the ARN of the signer, null when nobody is known to have signed; subject: the
     * request id; detail: the error type, then the policy statement where a policy refused; code: the HTTP status.
     */
    REFUSED,
    /** The function got the event. Subject: the request id; detail: the execution environment, null in this process. */
    HANDED_OVER,
    /** The answer went to the caller. Subject: the request id; detail: the {@code X-Invocation-Id}, which is the call's
     * id, null when there is none; code: the HTTP status; payload: the body.
     */
    TOLD,
    /** A client published. Client: its client id, null for a service; subject: the topic; detail: the MQTT 5
     * properties, as text; code: the reason code of the PUBACK.
     */
    PUBLISHED,
    /** A PUBLISH was refused. Client, subject and code as in {@link #PUBLISHED}; detail: the policy statement or the
     * rule that refused.
     */
    PUBLISH_REFUSED,
    /** A message matched a subscription. Client: the subscriber; subject: the topic; detail: the topic filter. */
    MATCHED,
    /** No subscription matched a message. Subject: the topic. */
    UNMATCHED,
    /** A message was written to a client's connection. Client: the subscriber; subject: the topic; code: the QoS. */
    SENT,
    /** A client acknowledged a message. Client: the subscriber; subject: the topic; code: the reason code. */
    ACKNOWLEDGED,
    /** A message was not delivered to a subscriber. Client: the subscriber, null where it was nobody yet; subject: the
     * topic; detail: why.
     */
    DROPPED,
    /** An injected fault touched a message. Client: the subscriber; subject: the topic; detail: the fault's word. */
    FAULT,
    /** A client connected. Client: its client id; subject: the id of the principal; detail: the protocol version. */
    CONNECTED,
    /** A client was not let in. Client, subject as in {@link #CONNECTED}; detail: why, with the policy statement. */
    CONNECT_REFUSED,
    /** A connection ended. Client: its client id; detail: the reason; code: the reason code. */
    DISCONNECTED,
    /** A client subscribed. Client: its client id; subject: the topic filter. */
    SUBSCRIBED,
    /** A subscription was refused. Client: its client id; subject: the topic filter; detail: the policy statement. */
    SUBSCRIBE_REFUSED,
    /** A client unsubscribed. Client: its client id; subject: the topic filter. */
    UNSUBSCRIBED
}
