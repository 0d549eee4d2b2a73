package dev.roundtrip.local.commands;

import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.protocol.Target;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code start} prints once the local cloud is up: what listens where, and commands to paste.
 *
 * @param function its settings; empty where there are none
 * @param simulated the devices in this process
 */
record StartBanner(LocalCloud cloud, String function, BrokerOptions broker, List<Target> simulated) {
    private static final int MAX_LISTED = 5;

    void print(PrintWriter out) {
        out.println("The local cloud is up.");
        out.println();
        PortTable.lines(cloud).forEach(line -> out.println("  " + line));
        out.println();
        out.println("  State    " + cloud.state().path());
        if (!function.isEmpty()) {
            out.println("  Function " + function);
        }
        if (!broker.faults().isNone()) {
            out.println("  Faults   " + broker.faults() + "   the same text repeats them");
        }
        if (!simulated.isEmpty()) {
            out.println("  Devices  " + listed(simulated) + "   simulated, connected");
        }
        if (cloud.iotEndpointBeyond() != null) {
            out.println();
            out.println("Warning: other machines reach the port for devices, " + cloud.iotEndpointBeyond()
                    + ". Only who has the certificate");
            out.println("and key of a thing comes in. Everything else listens on the loopback address alone.");
        }
        out.println();
        out.println("Make a call from another shell, in this directory:");
        out.println("  " + Shell.source(cloud.state().path()));
        String target = simulated.isEmpty() ? "my-device" : simulated.getFirst().value();
        out.println("  " + Shell.call(cloud.apiEndpoint(), Shell.greeting(target)));
        out.println("  " + Shell.curl(cloud, target));
        if (simulated.isEmpty()) {
            out.println();
            out.println(
                    broker.isOther()
                            ? "No device is simulated: connect one to your broker with bin/device-simulator."
                            : "No device is simulated: start with --device my-device, or make one with bin/local-cloud"
                                    + " provision my-device.");
        }
        out.println();
        out.println("Ctrl-C stops it.");
        out.flush();
    }

    /** The first few by name, the others by number. */
    private static String listed(List<Target> devices) {
        String first = devices.stream().limit(MAX_LISTED).map(Target::value).collect(Collectors.joining(", "));
        int others = devices.size() - MAX_LISTED;
        return others <= 0 ? first : first + " and " + others + " more, to " + devices.getLast();
    }
}
