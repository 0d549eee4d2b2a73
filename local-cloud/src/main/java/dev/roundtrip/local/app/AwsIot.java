package dev.roundtrip.local.app;

import dev.roundtrip.auth.sigv4.SigningService;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.local.faults.FaultListener;
import dev.roundtrip.local.faults.Faults;
import dev.roundtrip.local.faults.FaultsException;
import dev.roundtrip.local.faults.Impostor;
import dev.roundtrip.local.http.GatewayProtocol;
import dev.roundtrip.local.http.HttpPipeline;
import dev.roundtrip.local.http.HttpService;
import dev.roundtrip.local.http.HttpServices;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.iot.command.CommandEnvironment;
import dev.roundtrip.local.iot.command.CommandService;
import dev.roundtrip.local.iot.control.ControlPlane;
import dev.roundtrip.local.iot.data.DataPlane;
import dev.roundtrip.local.iot.data.RetainedRows;
import dev.roundtrip.local.iot.events.ClientLines;
import dev.roundtrip.local.iot.events.JournaledClients;
import dev.roundtrip.local.iot.events.JournaledMessages;
import dev.roundtrip.local.iot.events.JournaledSubscriptions;
import dev.roundtrip.local.iot.events.LifecycleEvents;
import dev.roundtrip.local.iot.job.DocumentValues;
import dev.roundtrip.local.iot.job.JobLimits;
import dev.roundtrip.local.iot.job.JobOperations;
import dev.roundtrip.local.iot.job.JobTopics;
import dev.roundtrip.local.iot.job.Jobs;
import dev.roundtrip.local.iot.job.JobsDataPlane;
import dev.roundtrip.local.iot.provisioning.ProvisioningEnvironment;
import dev.roundtrip.local.iot.provisioning.ProvisioningService;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.shadow.ShadowLimits;
import dev.roundtrip.local.iot.shadow.ShadowTopics;
import dev.roundtrip.local.iot.shadow.Shadows;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.local.keys.RsaKeys;
import dev.roundtrip.local.keys.TlsIdentity;
import dev.roundtrip.local.log.Event;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.BrokerSettings;
import dev.roundtrip.mqtt.ConnectionLogs;
import dev.roundtrip.mqtt.TlsMaterial;
import dev.roundtrip.protocol.Target;
import java.util.List;

/** AWS IoT on this machine.
 *
 * @param broker carries messages; it has the ports for devices and for gateways
 * @param retained retained messages, which is closed after the broker
 * @param services serve HTTP requests that are signed for them, on the port for gateways and wherever else they are
 *     listened for
 * @param faults of the broker; none at first
 */
record AwsIot(Broker broker, RetainedRows retained, List<HttpService> services, Faults faults) {
    /** The thing that answers for others where that fault is asked for. */
    private static final Target IMPOSTOR = new Target("impostor");

    /** Starts a broker with the services around it.
     *
     * @throws StartException when a port is taken; nothing is left running
     */
    static AwsIot start(Foundation foundation, LocalCloudSettings.BrokerChoice.Own own)
            throws StartException, StateException {
        IotAuthentication authentication = authentication(foundation);
        RetainedRows retained =
                RetainedRows.in(foundation.tables(), LocalCloud.complaints(foundation.settings(), Event.STATE));
        Broker broker = new Broker(settings(foundation, own, authentication).withRetained(retained));
        RefusedRequests log = foundation.refusedRequests();
        Faults faults = new Faults(
                broker,
                impostor(foundation, broker),
                faultSteps(foundation.journal()),
                LocalCloud.complaints(foundation.settings(), Event.FAULTS));
        Shadows shadows = new Shadows(
                foundation.tables(), broker.servicePublisher(), foundation.clock(), ShadowLimits.with(own.limits()));
        broker.serve(new ShadowTopics(shadows));
        CommandService commands = CommandService.start(new CommandEnvironment(
                foundation.tables(),
                foundation.registry().account(),
                broker.servicePublisher(),
                foundation.clock(),
                foundation::hasThing,
                faults::conflicts));
        broker.serve(commands.topics());
        Jobs jobs = new Jobs(
                foundation.tables(),
                broker.servicePublisher(),
                foundation.clock(),
                foundation.registry(),
                JobLimits.with(own.limits()),
                DocumentValues.NONE);
        broker.serve(new JobTopics(jobs));
        RsaKeys keys = new RsaKeys();
        ProvisioningService provisioning = ProvisioningService.start(new ProvisioningEnvironment(
                foundation.tables(), foundation.registry(), foundation.state().authority(), keys, foundation.clock()));
        broker.serve(provisioning.topics());
        HttpService jobsDataPlane = foundation.serviceForDevices(
                JobsDataPlane.of(jobs).serving(commands.dataPlane()), JobsDataPlane.SIGNING_NAME, broker::isListening);
        HttpService dataPlane = foundation.serviceForDevices(
                DataPlane.of(broker, own.limits(), shadows), DataPlane.SIGNING_NAME, broker::isListening);
        HttpService controlPlane = foundation.serviceOfRegistry(
                ControlPlane.of(foundation.registry(), foundation.state().authority(), keys, foundation.clock())
                        .serving(AccountOperations.of(foundation, broker))
                        .serving(commands.controlPlane())
                        .serving(JobOperations.of(jobs))
                        .serving(provisioning.operations()),
                ControlPlane.SIGNING_NAME);
        jobs.start();
        List<HttpService> services = List.of(dataPlane, controlPlane, jobsDataPlane);
        HttpServices all = new HttpServices(dataPlane, controlPlane, foundation.securityTokens())
                .unsigned(JobsDataPlane::has, jobsDataPlane)
                .unclaimed(head -> true, foundation.unserved());
        HttpPipeline http = new HttpPipeline(all, GatewayProtocol.TIMES, foundation.bodies());
        try {
            return Foundation.listening(() -> {
                broker.start(new GatewayProtocol(authentication, http, log));
                return new AwsIot(broker, retained, services, faults);
            });
        } catch (StartException taken) {
            retained.close();
            throw taken;
        }
    }

    private static FaultListener faultSteps(Recorder journal) {
        return (word, message) ->
                journal.record(new Entry(Step.FAULT, message.subscriber(), message.topic()).detail(word));
    }

    private static Impostor impostor(Foundation foundation, Broker broker) {
        return () -> {
            StateDirectory state = foundation.state();
            try {
                Thing thing = state.provision(IMPOSTOR, foundation.settings().prefix());
                return SimulatedDevices.login(state, Endpoint.of(LocalCloud.HOST + ":" + broker.devicePort()), thing);
            } catch (StateException failed) {
                throw new FaultsException(
                        "forge needs the thing " + IMPOSTOR + ", and it cannot be provisioned: " + failed.getMessage(),
                        failed);
            }
        };
    }

    private static IotAuthentication authentication(Foundation foundation) {
        return new IotAuthentication(
                foundation.principals(),
                foundation.state().account(),
                foundation.verifier(SigningService.IOT_DEVICE_GATEWAY));
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
        BrokerSettings sized = own.eventLoops() == 0 ? settings : settings.withThreads(own.eventLoops());
        return journaled(sized, foundation);
    }

    @SuppressWarnings("ReferenceEquality") // No journal is one object, and the broker tells nobody then.
    private static BrokerSettings journaled(BrokerSettings settings, Foundation foundation) {
        Recorder journal = foundation.journal();
        if (journal == Recorder.NONE) {
            return settings;
        }
        String functionClients = foundation.settings().prefix().value() + ".";
        return settings.withMessages(new JournaledMessages(journal))
                .withLog(new ConnectionLogs(settings.log(), new JournaledClients(journal)))
                .withLifecycle((publisher, clock) -> new JournaledSubscriptions(
                        settings.lifecycle().create(publisher, clock), journal, functionClients));
    }
}
