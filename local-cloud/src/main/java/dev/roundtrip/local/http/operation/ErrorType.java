package dev.roundtrip.local.http.operation;

/** The data plane's errors; source: service model {@code iot-data-2015-05-28}. */
public enum ErrorType {
    INVALID_REQUEST(400, "InvalidRequestException"),
    FORBIDDEN(403, "ForbiddenException"),
    RESOURCE_NOT_FOUND(404, "ResourceNotFoundException"),
    METHOD_NOT_ALLOWED(405, "MethodNotAllowedException"),
    REQUEST_ENTITY_TOO_LARGE(413, "RequestEntityTooLargeException"),
    THROTTLING(429, "ThrottlingException"),
    /** Ours: the model has the operation, and the local cloud does not. */
    NOT_IMPLEMENTED(501, "NotImplementedException"),
    /** What REST services of AWS say to a path or method that their model does not have. */
    UNKNOWN_OPERATION(404, "UnknownOperationException"),
    GATEWAY_TIMEOUT(504, "GatewayTimeoutException");

    public final int status;
    public final String name;

    ErrorType(int status, String name) {
        this.status = status;
        this.name = name;
    }
}
