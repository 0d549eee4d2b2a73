package dev.roundtrip.local.commands;

import dev.roundtrip.cli.BuildVersion;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.Target;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes what one device needs to connect. */
@Command(
        name = "provision",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        description = {
            "Makes a thing with its certificate, private key and policy, in the state directory. A thing that is there"
                    + " already stays as it is. Works while the local cloud runs, and before.",
            ""
        })
final class ProvisionCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final StateOption state = new StateOption();

    @Parameters(paramLabel = "NAME", description = "The device: 1 to 128 letters, digits and any of : _ -")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Target name;

    @Option(
            names = "--replace",
            description =
                    "Make it anew. The certificate and key that it had are refused, and a device that is connected"
                            + " with them is disconnected.")
    private boolean replace;

    @Override
    public Integer call() throws StateException {
        StateDirectory directory = StateDirectory.open(state.directory());
        boolean isKnown = directory.has(name);
        Thing thing = replace
                ? directory.replace(name, LocalCloudSettings.PREFIX)
                : directory.provision(name, LocalCloudSettings.PREFIX);
        PrintWriter out = spec.commandLine().getOut();
        String what = isKnown ? replace ? "replaced" : "was there already" : "new";
        out.println("Thing        " + thing.name() + "   " + what);
        out.println("Certificate  " + thing.files().certificate());
        out.println("Key          " + thing.files().privateKey());
        out.println("Policy       " + thing.files().policy());
        out.println();
        out.println("While the local cloud runs, this makes it a simulated device:");
        out.println("  " + Shell.source(state.directory()));
        out.println("  " + Shell.device(thing));
        out.flush();
        return 0;
    }
}
