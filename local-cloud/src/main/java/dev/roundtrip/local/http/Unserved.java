package dev.roundtrip.local.http;

/** Why a request is answered before it was read whole. */
public enum Unserved {
    /** It is no HTTP, or its target is no URL. */
    BAD_REQUEST,
    URI_TOO_LONG,
    HEADERS_TOO_LARGE,
    /** Its head says that nobody may be served: it has no signature, or goes nowhere. */
    NOT_ALLOWED,
    BODY_TOO_LONG,
    /** All bodies together take as much as they may. */
    NO_ROOM,
    /** It began, and did not end in time. */
    TOO_SLOW,
    /** A defect of ours. */
    FAILED
}
