package dev.roundtrip.local.story;

import java.util.Locale;

/** Why a call ended as it did; docs/local-api.md says when it is which. */
public enum Cause {
    OK,
    RUNNING,
    NEVER_CONNECTED,
    AWAY,
    NOT_SUBSCRIBED,
    ANSWER_FORBIDDEN,
    RECEIVE_FORBIDDEN,
    WRONG_ANSWER_TOPIC,
    WRONG_ID,
    LATE_ANSWER,
    NO_ANSWER,
    UNKNOWN_METHOD,
    REFUSED,
    DEVICE_ERROR,
    CALLER_FORBIDDEN,
    SIGNATURE,
    GATEWAY_FORBIDDEN,
    FAULT,
    THROTTLED,
    TOO_LARGE,
    INVALID_PARAMETERS,
    UNAVAILABLE,
    FUNCTION_FAILED,
    UNKNOWN;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The name in lower case. */
    public String word() {
        return word;
    }
}
