package dev.roundtrip.local.iot.provisioning;

import dev.roundtrip.local.http.ErrorType;

/** Why provisioning is refused, as devices are told over MQTT and callers over HTTP.
 *
 * <p>The word for a wrong token is AWS's: a user of the AWS IoT Device SDK for JavaScript published it (issue 69 of
 * aws-iot-device-sdk-js-v2). No document has the others: see {@code docs/open-facts.md}.
 */
enum ProvisioningError {
    INVALID_PAYLOAD(400, "InvalidPayload", ErrorType.INVALID_REQUEST),
    INVALID_CERTIFICATE_SIGNING_REQUEST(400, "InvalidCertificateSigningRequest", ErrorType.INVALID_REQUEST),
    INVALID_TOKEN(400, "InvalidCertificateOwnershipToken", ErrorType.INVALID_REQUEST),
    INVALID_PARAMETERS(400, "InvalidParameters", ErrorType.INVALID_REQUEST),
    /** The template is not enabled. */
    TEMPLATE_NOT_USABLE(400, "InvalidTemplate", ErrorType.INVALID_REQUEST),
    RESOURCE_NOT_FOUND(404, "ResourceNotFound", ErrorType.RESOURCE_REGISTRATION_FAILURE),
    /** The registry refuses what the template asks for. */
    REGISTRATION_FAILED(400, "ResourceRegistrationFailure", ErrorType.RESOURCE_REGISTRATION_FAILURE),
    /** The template says {@code FAIL} for a resource that is there. */
    RESOURCE_CONFLICTS(409, "ResourceConflicts", ErrorType.RESOURCE_REGISTRATION_FAILURE),
    THROTTLED(429, "TooManyRequests", ErrorType.THROTTLING_OF_CONTROL_PLANE),
    INTERNAL_FAILURE(500, "InternalFailure", ErrorType.INTERNAL_FAILURE);

    private final int statusCode;
    private final String code;
    private final ErrorType overHttp;

    ProvisioningError(int statusCode, String code, ErrorType overHttp) {
        this.statusCode = statusCode;
        this.code = code;
        this.overHttp = overHttp;
    }

    int statusCode() {
        return statusCode;
    }

    String code() {
        return code;
    }

    ErrorType overHttp() {
        return overHttp;
    }
}
