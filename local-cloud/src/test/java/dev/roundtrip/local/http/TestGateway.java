package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.operation.OperationService;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.iot.events.LifecycleEvents;
import dev.roundtrip.local.log.BoundedLog;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.BrokerSettings;
import dev.roundtrip.mqtt.TestBroker;
import dev.roundtrip.mqtt.UpgradeProtocol;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A broker whose port for gateways speaks HTTP, which tells lifecycle events, and which keeps the upgrades that it was
 * asked for.
 */
public final class TestGateway implements AutoCloseable {
    /** No operation. */
    private static final OperationTable NOTHING =
            new OperationTable("nothing", "none", Set.of("iotdata"), new HttpLimits(8192, 16_384, 262_144), List.of());

    /** The log of a test that does not read it. */
    public static final RefusedRequests UNREAD = new RefusedRequests(new BoundedLog(line -> {}));

    final List<SignedRequest> upgrades = new CopyOnWriteArrayList<>();
    public final TestBroker broker;

    public TestGateway() {
        this(
                made -> NOTHING,
                (request, source) -> new RequestAuthentication.Known(access -> true),
                UnaryOperator.identity());
    }

    public TestGateway(
            Function<Broker, OperationTable> operations,
            RequestAuthentication authentication,
            UnaryOperator<BrokerSettings> change) {
        this(
                made -> new OperationService(
                        operations.apply(made), "iotdata", authentication, made::isListening, UNREAD),
                change);
    }

    public TestGateway(Function<Broker, HttpService> service, UnaryOperator<BrokerSettings> change) {
        this(change, made -> new HttpServices(service.apply(made)));
    }

    /** One with several services. */
    public TestGateway(UnaryOperator<BrokerSettings> change, Function<Broker, HttpServices> services) {
        broker = new TestBroker(
                settings -> change.apply(settings.withLifecycle(LifecycleEvents::new)),
                made -> protocol(services.apply(made)));
    }

    private UpgradeProtocol protocol(HttpServices services) {
        HttpPipeline http =
                new HttpPipeline(services, GatewayProtocol.TIMES, new BodyBudget(), () -> broker.clock.now());
        return new GatewayProtocol(this::byUpgrade, http, UNREAD);
    }

    private UpgradeAuthentication.Signer byUpgrade(SignedRequest upgrade) {
        upgrades.add(upgrade);
        return broker.principal("AIDA1")
                .<UpgradeAuthentication.Signer>map(UpgradeAuthentication.Known::new)
                .orElse(new UpgradeAuthentication.Unknown("UnrecognizedClientException"));
    }

    @Override
    public void close() throws IOException {
        broker.close();
    }
}
