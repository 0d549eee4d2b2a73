package dev.roundtrip.local.endtoend;

import java.util.Map;

/** A way of calling a device that asks AWS IoT's HTTP data plane. */
enum Way {
    DIRECT(Map.of("DELIVERY", "direct")),
    PRESENCE(Map.of()),
    WAIT(Map.of());

    @SuppressWarnings("ImmutableEnumChecker") // Each is made by Map.of.
    private final Map<String, String> settings;

    Way(Map<String, String> settings) {
        this.settings = settings;
    }

    /** Of the function. */
    Map<String, String> settings() {
        return settings;
    }

    /** A call to {@code pump}, which says what it was asked.
     *
     * @param timeoutSeconds 2 or more
     */
    String call(String request, int timeoutSeconds) {
        String call = "target=pump&method=echo&request=" + request + "&timeout=" + timeoutSeconds;
        return switch (this) {
            case DIRECT -> call;
            case PRESENCE -> call + "&presence=check";
            case WAIT -> call + "&wait=" + (timeoutSeconds - 1);
        };
    }
}
