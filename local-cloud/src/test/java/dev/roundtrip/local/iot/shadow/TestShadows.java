package dev.roundtrip.local.iot.shadow;

import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.mqtt.Broker;
import java.time.InstantSource;

/** Shadows in memory. */
public final class TestShadows {
    private TestShadows() {}

    /** Shadows beside a broker, which does not yet hand requests to them. */
    public static Shadows on(Broker broker) {
        return new Shadows(
                new InMemoryTables(), broker.servicePublisher(), InstantSource.system(), new ShadowLimits(0, 10));
    }
}
