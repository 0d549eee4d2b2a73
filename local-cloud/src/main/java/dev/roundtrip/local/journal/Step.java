package dev.roundtrip.local.journal;

/** What happened. The comments say what the members of an {@link Entry} mean for each step; members that they do not
 * name are null or 0.
 *
 * <p>A plain call has twelve steps: {@link #RECEIVED}, {@link #AUTHORIZED}, {@link #HANDED_OVER}; {@link #PUBLISHED},
 * {@link #MATCHED} and {@link #SENT} of the request; {@link #PUBLISHED}, {@link #MATCHED} and {@link #SENT} of the
 * answer; {@link #TOLD}; and two {@link #ACKNOWLEDGED}. The first ten come in this order. A subscriber acknowledges
 * when it likes: the device after {@link #SENT} of the request, perhaps after its answer, and the gateway after
 * {@link #SENT} of the answer, perhaps after {@link #TOLD}. A request that is refused has {@link #RECEIVED}, when it
 * could be read, and {@link #REFUSED}.
 */
public enum Step {
    /** The API received a request, perhaps not whole. Subject: the request id of API Gateway; detail: HTTP method and
     * path, without the query.
     */
    RECEIVED,
    /** The signature is right and a policy allows the call. Client: the ARN of the signer; subject: the request id. */
    AUTHORIZED,
    /** The API refused a request. Client: the ARN of the signer, null when nobody is known to have signed; subject: the
     * request id; detail: the error type, and where a policy refused, after it action, resource and policy statement;
     * code: the HTTP status.
     */
    REFUSED,
    /** The function got the event. Subject: the request id; detail: the execution environment, null in this process. */
    HANDED_OVER,
    /** The function did not answer: it threw, crashed, took too long, or could not be made. Client: the execution
     * environment, null in this process and where every one was busy; subject: the request id, null when no call was
     * running; detail: why.
     */
    FUNCTION_FAILED,
    /** The answer went to the caller. Subject: the request id; detail: the {@code X-Invocation-Id}, which is the call's
     * id, null when there is none; code: the HTTP status; payload: the body.
     */
    TOLD,
    /** A client published. Client: its client id, null for a service and for the broker itself; subject: the topic;
     * detail: the MQTT 5 properties, as text; code: the reason code of the PUBACK, from 128 on nobody gets the message;
     * payload: the payload.
     */
    PUBLISHED,
    /** Policies refused a PUBLISH, or a message that was sent over the data plane, or a request to a shadow there,
     * which has the topic of the same request over MQTT. Client, subject and code as in {@link #PUBLISHED}, over the
     * data plane the ARN of the signer and the HTTP status; detail: the policy statement.
     */
    PUBLISH_REFUSED,
    /** A message matched a subscription. Client: the subscriber; subject: the topic; detail: the topic filter. A direct
     * message has no such step.
     */
    MATCHED,
    /** No subscription matched a message. Subject: the topic. */
    UNMATCHED,
    /** A message was written to a client's connection. Client: the subscriber; subject: the topic; code: the QoS. */
    SENT,
    /** A client acknowledged a message. Client: the subscriber; subject: the topic; code: the reason code. */
    ACKNOWLEDGED,
    /** A message was not delivered to a subscriber, or not in time. Client: the subscriber, null for everybody and for
     * the members of a shared subscription; subject: the topic; detail: why, in one word.
     */
    DROPPED,
    /** An injected fault touched a message. Client: the subscriber, null for a request to a service; subject: the
     * topic; detail: the fault's word.
     */
    FAULT,
    /** A client connected. Client: its client id; subject: the id of the principal; detail: the protocol version. */
    CONNECTED,
    /** A client was not let in. Client, subject as in {@link #CONNECTED}; detail: the policy statement, or why; code:
     * the reason code.
     */
    CONNECT_REFUSED,
    /** A connection ended. Client: its client id; detail: the reason; code: the reason code. */
    DISCONNECTED,
    /** A client subscribed; the function's subscriptions to answers are not recorded. Client: its client id; subject:
     * the topic filter.
     */
    SUBSCRIBED,
    /** A subscription was refused. Client: its client id; subject: the topic filter; detail: the policy statement, or
     * why; code: the reason code.
     */
    SUBSCRIBE_REFUSED,
    /** A client unsubscribed. Members as in {@link #SUBSCRIBED}. */
    UNSUBSCRIBED
}
