package dev.roundtrip.local.http;

/** Errors of AWS's REST services; source: service models {@code iot-data-2015-05-28}, {@code iot-2015-05-28} and
 * {@code iot-jobs-data-2017-09-29}.
 */
public enum ErrorType {
    INVALID_REQUEST(400, "InvalidRequestException"),
    /** What newer operations say in place of {@link #INVALID_REQUEST}, such as those on commands. */
    VALIDATION(400, "ValidationException"),
    /** {@link #THROTTLING} in the model of the control plane. */
    THROTTLING_OF_CONTROL_PLANE(400, "ThrottlingException"),
    CERTIFICATE_VALIDATION(400, "CertificateValidationException"),
    MALFORMED_POLICY(400, "MalformedPolicyException"),
    RESOURCE_REGISTRATION_FAILURE(400, "ResourceRegistrationFailureException"),
    SERVICE_QUOTA_EXCEEDED(402, "ServiceQuotaExceededException"),
    FORBIDDEN(403, "ForbiddenException"),
    RESOURCE_NOT_FOUND(404, "ResourceNotFoundException"),
    /** What REST services of AWS say to a path or method that their model does not have. */
    UNKNOWN_OPERATION(404, "UnknownOperationException"),
    /** What services of the protocol {@code query} say to a request that names no operation. */
    MISSING_ACTION(400, "MissingActionException"),
    /** The same to an operation that their model does not have. */
    INVALID_ACTION(400, "InvalidActionException"),
    METHOD_NOT_ALLOWED(405, "MethodNotAllowedException"),
    CERTIFICATE_STATE(406, "CertificateStateException"),
    /** Ours: a client of AWS never waits so long. */
    REQUEST_TIMEOUT(408, "RequestTimeoutException"),
    CONFLICT(409, "ConflictException"),
    DELETE_CONFLICT(409, "DeleteConflictException"),
    INVALID_STATE_TRANSITION(409, "InvalidStateTransitionException"),
    RESOURCE_ALREADY_EXISTS(409, "ResourceAlreadyExistsException"),
    VERSION_CONFLICT(409, "VersionConflictException"),
    VERSIONS_LIMIT_EXCEEDED(409, "VersionsLimitExceededException"),
    LIMIT_EXCEEDED(410, "LimitExceededException"),
    TERMINAL_STATE(410, "TerminalStateException"),
    REQUEST_ENTITY_TOO_LARGE(413, "RequestEntityTooLargeException"),
    UNSUPPORTED_DOCUMENT_ENCODING(415, "UnsupportedDocumentEncodingException"),
    THROTTLING(429, "ThrottlingException"),
    INTERNAL_FAILURE(500, "InternalFailureException"),
    /** Ours: the model has the operation, and the local cloud does not. */
    NOT_IMPLEMENTED(501, "NotImplementedException"),
    SERVICE_UNAVAILABLE(503, "ServiceUnavailableException"),
    GATEWAY_TIMEOUT(504, "GatewayTimeoutException");

    private final int status;
    private final String word;

    ErrorType(int status, String word) {
        this.status = status;
        this.word = word;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The name in AWS's model, as {@code x-amzn-ErrorType} has it. */
    public String word() {
        return word;
    }
}
