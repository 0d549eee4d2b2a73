package dev.roundtrip.local.app;

import dev.roundtrip.local.faults.FaultSpec;
import dev.roundtrip.local.iot.registry.GatewayRole;
import dev.roundtrip.local.iot.registry.GatewayRole.PresenceQueries;
import dev.roundtrip.local.journal.JournalSettings;
import dev.roundtrip.local.lambda.RuntimeSettings;
import dev.roundtrip.local.time.RunningClock;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.BrokerSettings;
import dev.roundtrip.protocol.ClientPrefix;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a local cloud is started with.
 *
 * @param state the state directory
 * @param ports where it listens, on the loopback address only, unless the broker listens for devices elsewhere too
 * @param prefix the deployment's name
 * @param broker how messages are carried
 * @param function further environment variables of the function, which win over those that the cloud sets
 * @param runtime where the function runs
 * @param presenceQueries whether the function may ask the broker if a device is connected, as with the parameter of
 *     {@code template.yaml}
 * @param log takes the function's lines, one JSON object each; called by many threads
 * @param journal whether the steps of calls are kept, and how many
 * @param storage where the rows of services are
 * @param clockRate how many seconds of services pass in a second, 1 to {@link RunningClock#MAX_RATE}
 */
public record LocalCloudSettings(
        Path state,
        Ports ports,
        ClientPrefix prefix,
        BrokerChoice broker,
        Map<String, String> function,
        RuntimeChoice runtime,
        PresenceQueries presenceQueries,
        Consumer<String> log,
        JournalSettings journal,
        Storage storage,
        int clockRate) {
    /** The name of the local deployment. */
    public static final ClientPrefix PREFIX = new ClientPrefix("roundtrip");

    public LocalCloudSettings {
        function = Map.copyOf(function);
    }

    /** Any ports, and a broker of its own with the limits that suit one machine.
     *
     * @param state the state directory
     * @param log takes the function's lines
     */
    public static LocalCloudSettings of(Path state, Consumer<String> log) {
        return new LocalCloudSettings(
                state,
                Ports.ANY,
                PREFIX,
                new BrokerChoice.Own(BrokerLimits.local()),
                Map.of(),
                new RuntimeChoice.InProcess(),
                PresenceQueries.DENY,
                log,
                JournalSettings.DEFAULT,
                Storage.DURABLE,
                1);
    }

    /** The same on other ports. */
    public LocalCloudSettings withPorts(Ports other) {
        return new LocalCloudSettings(
                state, other, prefix, broker, function, runtime, presenceQueries, log, journal, storage, clockRate);
    }

    /** The same with another broker. */
    public LocalCloudSettings withBroker(BrokerChoice other) {
        return new LocalCloudSettings(
                state, ports, prefix, other, function, runtime, presenceQueries, log, journal, storage, clockRate);
    }

    /** The same with other variables for the function. */
    public LocalCloudSettings withFunction(Map<String, String> other) {
        return new LocalCloudSettings(
                state, ports, prefix, broker, other, runtime, presenceQueries, log, journal, storage, clockRate);
    }

    /** The same with the function elsewhere. */
    public LocalCloudSettings withRuntime(RuntimeChoice other) {
        return new LocalCloudSettings(
                state, ports, prefix, broker, function, other, presenceQueries, log, journal, storage, clockRate);
    }

    /** The same, and the function may ask for devices, or not. */
    public LocalCloudSettings withPresenceQueries(PresenceQueries other) {
        return new LocalCloudSettings(
                state, ports, prefix, broker, function, runtime, other, log, journal, storage, clockRate);
    }

    /** The same with another log. */
    LocalCloudSettings withLog(Consumer<String> other) {
        return new LocalCloudSettings(
                state, ports, prefix, broker, function, runtime, presenceQueries, other, journal, storage, clockRate);
    }

    /** The same with another journal, or none. */
    public LocalCloudSettings withJournal(JournalSettings other) {
        return new LocalCloudSettings(
                state, ports, prefix, broker, function, runtime, presenceQueries, log, other, storage, clockRate);
    }

    /** The same with the rows of services elsewhere. */
    public LocalCloudSettings withStorage(Storage other) {
        return new LocalCloudSettings(
                state, ports, prefix, broker, function, runtime, presenceQueries, log, journal, other, clockRate);
    }

    /** The same with another speed of the services' clock. */
    public LocalCloudSettings withClockRate(int other) {
        return new LocalCloudSettings(
                state, ports, prefix, broker, function, runtime, presenceQueries, log, journal, storage, other);
    }

    /** Where things, shadows and whatever else services write are kept. */
    public enum Storage {
        /** In a file of the state directory. */
        DURABLE,
        /** In memory, until the local cloud stops. */
        EPHEMERAL
    }

    /** Where devices of other machines reach the broker; null where they do not. */
    @Nullable NetworkAddress beyond() {
        return broker instanceof BrokerChoice.Own own ? own.beyond() : null;
    }

    /** What decides which rights the function has on the broker. */
    GatewayRole gatewayRole() {
        boolean direct = "direct".equals(function.get("DELIVERY"));
        return new GatewayRole(
                prefix, direct ? GatewayRole.Delivery.DIRECT : GatewayRole.Delivery.PUBLISH, presenceQueries);
    }

    /** Where the local cloud listens; 0 takes any free port.
     *
     * @param api HTTP
     * @param mqtt MQTT over TLS, for devices
     * @param wss MQTT over WebSocket over TLS, for the gateway
     */
    public record Ports(int api, int mqtt, int wss) {
        /** Whatever is free. */
        public static final Ports ANY = new Ports(0, 0, 0);

        /** Where people look for them. */
        public static final Ports USUAL = new Ports(8080, 8883, 8443);

        /** Those of AWS IoT Core, for clients that fix them. The API is where people look for it. */
        public static final Ports AWS = new Ports(8080, 8883, 443);

        /** Whether clients that fix AWS's ports find the local cloud. */
        boolean areOfAws() {
            return mqtt == AWS.mqtt && wss == AWS.wss;
        }
    }

    /** How messages are carried. */
    public sealed interface BrokerChoice {

        /** By a stand-in for AWS IoT Core in this process.
         *
         * @param limits what it lets through
         * @param unheard whether publishers are told that nobody listens
         * @param faults how it fails
         * @param eventLoops how many carry its connections; 0 leaves the number to the broker
         * @param beyond where it listens for devices beside the loopback address; null for nowhere
         */
        record Own(
                BrokerLimits limits,
                BrokerSettings.Unheard unheard,
                FaultSpec faults,
                int eventLoops,
                @Nullable NetworkAddress beyond)
                implements BrokerChoice {
            /** One that works, and tells as little as AWS IoT Core. */
            public Own(BrokerLimits limits) {
                this(limits, BrokerSettings.Unheard.UNTOLD, FaultSpec.NONE, 0, null);
            }

            /** The same, and publishers are told or not that nobody listens. */
            public Own withUnheard(BrokerSettings.Unheard other) {
                return new Own(limits, other, faults, eventLoops, beyond);
            }

            /** The same with other faults. */
            public Own withFaults(FaultSpec other) {
                return new Own(limits, unheard, other, eventLoops, beyond);
            }

            /** The same with another number of event loops, 1 or more. */
            public Own withEventLoops(int other) {
                return new Own(limits, unheard, faults, other, beyond);
            }

            /** The same, and devices of other machines reach it. */
            public Own listeningAt(NetworkAddress address) {
                return new Own(limits, unheard, faults, eventLoops, address);
            }
        }

        /** By a broker that is there already.
         *
         * @param endpoint {@code HOST:PORT} of its TLS WebSocket listener
         * @param devices {@code HOST:PORT} of its listener for devices, MQTT over TLS
         * @param authority a PEM file of its certificate authority; null for the system's
         */
        record Other(
                String endpoint, String devices, @Nullable Path authority) implements BrokerChoice {
            private static final String USUAL_PORT = ":8883";

            /** One that takes devices on the same host, at MQTT's usual port. */
            public Other(String endpoint, @Nullable Path authority) {
                this(endpoint, endpoint.replaceFirst(":[0-9]+$", "") + USUAL_PORT, authority);
            }

            /** The same with another listener for devices. */
            public Other withDevices(String other) {
                return new Other(endpoint, other, authority);
            }
        }
    }

    /** Where the function runs. */
    public sealed interface RuntimeChoice {

        /** In this process, called directly. */
        record InProcess() implements RuntimeChoice {}

        /** In processes of its own, from its deployment package, as AWS Lambda runs it. */
        record OwnProcess(RuntimeSettings.Scale scale) implements RuntimeChoice {}
    }
}
