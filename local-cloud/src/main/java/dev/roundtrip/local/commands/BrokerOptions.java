package dev.roundtrip.local.commands;

import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.local.app.NetworkAddress;
import dev.roundtrip.local.faults.FaultSpec;
import dev.roundtrip.mqtt.BrokerLimits;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which broker: one of the local cloud's own, with its limits and faults, or another that is there already. */
final class BrokerOptions {
    private static final long MEGABYTE = 1024L * 1024;

    @Option(
            names = "--limits",
            paramLabel = "KIND",
            description = "The broker's limits: local or aws. local has every limit of AWS IoT Core except those for a"
                    + " second. aws has those too: 100 publishes and 512 KB for one connection, 1 connect for"
                    + " one client id, and an account's quotas. The function's connection has them as well, so"
                    + " the function sends 50 requests a second; more wait or are throttled. Default: local")
    private LimitsKind limits = LimitsKind.LOCAL;

    @Option(
            names = "--broker-memory",
            paramLabel = "MB",
            description = "Memory for messages of all clients: queued, in flight, retained, wills, and bytes that"
                    + " sockets have not taken. When it is full, the broker drops expired messages first. Then it"
                    + " refuses messages of QoS 1 (reason code 0x97) and drops messages of QoS 0. At most half of"
                    + " the heap. Default: a quarter of the heap")
    private @Nullable Integer memory;

    @Option(names = "--faults", paramLabel = "SPEC", description = FaultSpec.HELP + " See docs/faults.md.")
    private FaultSpec faults = FaultSpec.NONE;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = "Listen for devices on this address of the machine too, so that a board on the network can"
                    + " connect: MQTT over TLS with a client certificate, and nothing else. An address, or a host name"
                    + " that stands for one; the server certificate has it. Default: the loopback address only")
    private @Nullable NetworkAddress beyond;

    @Option(
            names = "--broker",
            paramLabel = "HOST:PORT",
            description = "Use another broker, and start none. The address is its WebSocket listener with TLS, path"
                    + " /mqtt.")
    private @Nullable String other;

    @Option(
            names = "--broker-ca",
            paramLabel = "FILE",
            description = "PEM file of the certificate authority of the other broker. Default: the system's"
                    + " authorities.")
    private @Nullable Path authority;

    @Option(
            names = "--broker-mqtt",
            paramLabel = "HOST:PORT",
            description = "Where devices connect to the other broker: MQTT over TLS. Default: port 8883 of the same"
                    + " host.")
    private @Nullable String devices;

    boolean isOther() {
        return other != null;
    }

    FaultSpec faults() {
        return faults;
    }

    /** @throws ParameterException when they do not go together */
    BrokerChoice choice(CommandLine command) {
        if (other == null) {
            if (authority != null || devices != null) {
                throw new ParameterException(command, "--broker-ca and --broker-mqtt go with --broker");
            }
            BrokerChoice.Own own = new BrokerChoice.Own(limits(command)).withFaults(faults);
            return beyond == null ? own : own.listeningAt(beyond);
        }
        if (memory != null) {
            throw new ParameterException(command, "--broker-memory goes with the broker of the local cloud");
        }
        if (limits != LimitsKind.LOCAL) {
            throw new ParameterException(
                    command, "--limits goes with the broker of the local cloud; yours has limits of its own");
        }
        if (beyond != null) {
            throw new ParameterException(
                    command, "--listen goes with the broker of the local cloud; yours listens where you told it to");
        }
        if (!faults.isNone()) {
            throw new ParameterException(
                    command, "--faults goes with the broker of the local cloud; see bin/device-simulator too");
        }
        BrokerChoice.Other choice = new BrokerChoice.Other(address(command, "--broker", other), authority);
        return devices == null ? choice : choice.withDevices(address(command, "--broker-mqtt", devices));
    }

    private BrokerLimits limits(CommandLine command) {
        BrokerLimits chosen = limits.limits();
        if (memory == null) {
            return chosen;
        }
        long most = Runtime.getRuntime().maxMemory() / 2 / MEGABYTE;
        if (memory < 1 || memory > most) {
            throw new ParameterException(
                    command,
                    "--broker-memory must be 1 to " + most + " (half of the heap, in MB), but is " + memory
                            + "; JAVA_OPTS=-Xmx512m makes the heap larger");
        }
        return chosen.withMemory(chosen.memory().withMaxBytes(memory * MEGABYTE));
    }

    private static String address(CommandLine command, String option, String address) {
        if (!address.matches(".+:[0-9]{1,5}")) {
            throw new ParameterException(command, option + " must be HOST:PORT, but is '" + address + "'");
        }
        return address;
    }
}
