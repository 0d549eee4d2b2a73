package dev.roundtrip.local.commands;

import dev.roundtrip.mqtt.BrokerLimits;

/** Which limits of AWS IoT Core the broker shows. */
enum LimitsKind {
    LOCAL("local"),
    AWS("aws");

    private final String text;

    LimitsKind(String text) {
        this.text = text;
    }

    BrokerLimits limits() {
        return switch (this) {
            case LOCAL -> BrokerLimits.local();
            case AWS -> BrokerLimits.iotCore();
        };
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return text;
    }
}
