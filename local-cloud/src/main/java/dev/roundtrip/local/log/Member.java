package dev.roundtrip.local.log;

/** A member of a line of the log: its name, its type, and what it says. */
public enum Member {
    TIME("time", Type.TEXT, "When the line was made, RFC 3339 in UTC."),
    LEVEL("level", Type.TEXT, "`INFO`, `WARN` or `ERROR`."),
    EVENT("event", Type.TEXT, "What happened: the first column of the table of events."),
    REQUEST_ID(
            "requestId",
            Type.TEXT,
            "The id of an HTTP request. The API front sends it as `x-amzn-RequestId`, the data plane as `traceId` in"
                    + " its answer."),
    ID("id", Type.TEXT, "The id of a call of a device, as its messages have it. Empty for a defect outside of a call."),
    SERVICE(
            "service",
            Type.TEXT,
            "Who answered: `execute-api` is the API front, `iotdata` the data plane, `iotdevicegateway` the upgrade to"
                    + " MQTT."),
    STATUS("status", Type.NUMBER, "The HTTP status."),
    REFUSAL(
            "refusal",
            Type.TEXT,
            "Why something was refused: AWS's error type for HTTP, the name of the reason code for MQTT."),
    CALLER("caller", Type.TEXT, "The ARN of the signer, once the signature is right."),
    PRINCIPAL("principal", Type.TEXT, "Who a client is: the id of its certificate, or of its IAM user."),
    CLIENT_ID("clientId", Type.TEXT, "The MQTT client id."),
    THING("thing", Type.TEXT, "The thing that belongs to the principal."),
    SOURCE_IP("sourceIp", Type.TEXT, "The address of the other end."),
    SOURCE_PORT("sourcePort", Type.NUMBER, "The port of the other end."),
    PROTOCOL("protocol", Type.TEXT, "`MQTT 3.1.1` or `MQTT 5`."),
    HTTP_METHOD("httpMethod", Type.TEXT, "The HTTP method."),
    PATH("path", Type.TEXT, "The path, cut after 256 characters. Never a query."),
    ACTION("action", Type.TEXT, "The action of a policy that was asked for, such as `iot:Publish`."),
    RESOURCE(
            "resource",
            Type.TEXT,
            "The client id, topic or topic filter that the action concerns; for HTTP the ARN of an API method, or the"
                    + " end of the ARN such as `topic/a/b`. Cut after 256 characters."),
    STATEMENT(
            "statement",
            Type.TEXT,
            "Which statement of a policy denies the action, by its number and Sid, or that no statement allows it."),
    ANSWER(
            "answer",
            Type.TEXT,
            "The MQTT packet and code that the client is sent, such as `CONNACK 0x87`; `none` when its connection just"
                    + " ends."),
    REASON("reason", Type.TEXT, "Why a connection ended; the `disconnectReason` of AWS IoT's lifecycle events."),
    REASON_CODE("reasonCode", Type.TEXT, "The reason code of the DISCONNECT packet that a client of MQTT 5 is sent."),
    TARGET("target", Type.TEXT, "The device of a call."),
    METHOD("method", Type.TEXT, "The method of a call."),
    TRACE_ID("traceId", Type.TEXT, "The trace of a call: the trace id of the caller's header `traceparent`."),
    RESULT("result", Type.TEXT, "How a call ended, as the problem types of the protocol have it."),
    ELAPSED("elapsed", Type.NUMBER, "How long a request, a call or a connection took, in milliseconds."),
    OF("of", Type.TEXT, "The event whose lines were left out."),
    COUNT("count", Type.NUMBER, "How many lines were left out."),
    MESSAGE("message", Type.TEXT, "A sentence for people; it may change."),
    LOGGER("logger", Type.TEXT, "The logger of a library."),
    SOURCE("source", Type.TEXT, "Who printed: `function` or `local-cloud`."),
    THREAD("thread", Type.TEXT, "The thread that ended."),
    TRACE("trace", Type.TEXT, "Classes of exceptions and where they were thrown, without their messages.");

    /** The type of a value in JSON. */
    public enum Type {
        TEXT,
        NUMBER
    }

    private final String word;
    private final Type type;
    private final String meaning;

    Member(String word, Type type, String meaning) {
        this.word = word;
        this.type = type;
        this.meaning = meaning;
    }

    /** Its name in JSON. */
    public String word() {
        return word;
    }

    /** What its value is. */
    public Type type() {
        return type;
    }

    /** What it says, a sentence. */
    public String meaning() {
        return meaning;
    }
}
