package dev.roundtrip.local.commands;

import dev.roundtrip.local.iot.registry.GatewayRole.PresenceQueries;

/** Whether the function may ask the broker if a device is connected, as it is typed. */
enum QueriesKind {
    DENY("deny", PresenceQueries.DENY),
    ALLOW("allow", PresenceQueries.ALLOW);

    private final String text;
    private final PresenceQueries right;

    QueriesKind(String text, PresenceQueries right) {
        this.text = text;
        this.right = right;
    }

    PresenceQueries right() {
        return right;
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return text;
    }
}
