package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.iot.events.LifecycleEvents;
import dev.roundtrip.mqtt.BrokerSettings;
import dev.roundtrip.mqtt.Principal;
import dev.roundtrip.mqtt.TestBroker;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A broker whose port for gateways speaks HTTP, which tells lifecycle events, and which keeps the upgrades that it was asked for. */
public final class TestGateway implements AutoCloseable {
    final List<SignedRequest> upgrades = new CopyOnWriteArrayList<>();
    public final TestBroker broker;

    public TestGateway() {
        this(HttpEndpoint.NONE, UnaryOperator.identity());
    }

    public TestGateway(HttpEndpoint endpoint, UnaryOperator<BrokerSettings> change) {
        broker = new TestBroker(
                settings -> change.apply(settings.withUpgrade(new GatewayProtocol(this::byUpgrade, endpoint))
                        .withLifecycle(LifecycleEvents::new)));
    }

    private Optional<Principal> byUpgrade(SignedRequest upgrade) {
        upgrades.add(upgrade);
        return broker.principal("AIDA1");
    }

    @Override
    public void close() throws IOException {
        broker.close();
    }
}
