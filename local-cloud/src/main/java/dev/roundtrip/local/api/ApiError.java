package dev.roundtrip.local.api;

import java.util.Locale;

/** Why a request is refused. */
enum ApiError {
    INVALID_PARAMETERS(400),
    UNAUTHORIZED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    METHOD_NOT_ALLOWED(405),
    CONFLICT(409),
    TOO_LARGE(413),
    INTERNAL_ERROR(500),
    BUSY(503);

    private final int status;

    ApiError(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
