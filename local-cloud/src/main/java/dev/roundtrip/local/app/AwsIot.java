package dev.roundtrip.local.app;

import dev.roundtrip.auth.sigv4.SigningService;
import dev.roundtrip.local.http.GatewayProtocol;
import dev.roundtrip.local.http.HttpPipeline;
import dev.roundtrip.local.http.HttpService;
import dev.roundtrip.local.http.HttpServices;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.http.operation.RestJsonService;
import dev.roundtrip.local.iot.data.DataPlane;
import dev.roundtrip.local.iot.events.ClientLines;
import dev.roundtrip.local.iot.events.LifecycleEvents;
import dev.roundtrip.local.keys.TlsIdentity;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.BrokerSettings;
import dev.roundtrip.mqtt.FaultInjector;
import dev.roundtrip.mqtt.TlsMaterial;
import java.util.List;

/** AWS IoT on this machine.
 *
 * @param broker carries messages; it has the ports for devices and for gateways
 * @param dataPlane serves HTTP requests, on the port for gateways and wherever else it is listened for
 */
record AwsIot(Broker broker, HttpService dataPlane) {

    /** Starts a broker with the services around it.
     *
     * @throws StartException when a port is taken; nothing is left running
     */
    static AwsIot start(Foundation foundation, LocalCloudSettings.BrokerChoice.Own own, FaultInjector injector)
            throws StartException, StateException {
        IotAuthentication authentication = authentication(foundation);
        Broker broker = new Broker(settings(foundation, own, authentication), injector);
        RefusedRequests log = new RefusedRequests(foundation.refusals());
        HttpService dataPlane = new RestJsonService(
                DataPlane.of(broker, own.limits()), DataPlane.SIGNING_NAME, authentication, broker::isListening, log);
        HttpPipeline http = new HttpPipeline(new HttpServices(dataPlane), GatewayProtocol.TIMES, foundation.bodies());
        return Foundation.listening(() -> {
            broker.start(new GatewayProtocol(authentication, http, log));
            return new AwsIot(broker, dataPlane);
        });
    }

    private static IotAuthentication authentication(Foundation foundation) {
        return new IotAuthentication(
                foundation.principals(),
                foundation.state().account(),
                new IotAuthentication.Verifiers(
                        foundation.verifier(SigningService.IOT_DEVICE_GATEWAY),
                        foundation.verifier(SigningService.IOT_DATA, SigningService.IOT_DEVICE_GATEWAY)));
    }

    private static BrokerSettings settings(
            Foundation foundation, LocalCloudSettings.BrokerChoice.Own own, IotAuthentication authentication)
            throws StateException {
        StateDirectory state = foundation.state();
        LocalCloudSettings.Ports ports = foundation.settings().ports();
        NetworkAddress beyond = own.beyond();
        TlsIdentity identity = state.serverIdentity();
        TlsMaterial tls = new TlsMaterial(
                identity.key(), identity.chain(), List.of(state.authority().certificate()));
        BrokerSettings settings = BrokerSettings.of(tls, authentication)
                .withDeviceAddress(Foundation.loopback(ports.mqtt()))
                .withFurtherDeviceHosts(beyond == null ? List.of() : List.of(beyond.address()))
                .withGatewayAddress(Foundation.loopback(ports.wss()))
                .withLimits(own.limits())
                .withUnheard(own.unheard())
                .withLifecycle(LifecycleEvents::new)
                .withLog(new ClientLines(foundation.settings().log(), foundation.refusals()));
        return own.eventLoops() == 0 ? settings : settings.withThreads(own.eventLoops());
    }
}
