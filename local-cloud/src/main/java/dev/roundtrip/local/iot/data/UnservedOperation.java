package dev.roundtrip.local.iot.data;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.HttpEndpoint.Answer;
import dev.roundtrip.local.http.operation.ErrorType;
import java.util.regex.Pattern;

/** The operations of service model {@code iot-data-2015-05-28} that the local cloud does not serve. */
enum UnservedOperation {
    PUBLISH("Publish", "POST /topics/.+"),
    GET_RETAINED_MESSAGE("GetRetainedMessage", "GET /retainedMessage/.+"),
    LIST_RETAINED_MESSAGES("ListRetainedMessages", "GET /retainedMessage/?"),
    GET_THING_SHADOW("GetThingShadow", "GET /things/[^/]+/shadow"),
    UPDATE_THING_SHADOW("UpdateThingShadow", "POST /things/[^/]+/shadow"),
    DELETE_THING_SHADOW("DeleteThingShadow", "DELETE /things/[^/]+/shadow"),
    LIST_NAMED_SHADOWS("ListNamedShadowsForThing", "GET /api/things/shadow/ListNamedShadowsForThing/[^/]+");

    private final String modelName;
    private final Pattern route;

    UnservedOperation(String modelName, String route) {
        this.modelName = modelName;
        this.route = Pattern.compile(route);
    }

    /** What is said to a request that is for no operation of ours. */
    static Answer answer(SignedRequest request) {
        String route = request.method() + " " + request.path();
        for (UnservedOperation operation : values()) {
            if (operation.route.matcher(route).matches()) {
                return Answers.refused(
                        ErrorType.NOT_IMPLEMENTED,
                        "the local cloud does not serve " + operation.modelName
                                + "; it serves the operations on /connections/CLIENT_ID");
            }
        }
        return Answers.refused(ErrorType.UNKNOWN_OPERATION, "AWS IoT's data plane has no operation at this path");
    }
}
