package dev.roundtrip.local.commands;

import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.registry.ThingFiles;
import dev.roundtrip.local.store.ShellWord;
import dev.roundtrip.protocol.Target;
import java.net.URI;
import java.nio.file.Path;

/** Command lines to paste into a shell. */
final class Shell {
    /** Where the launchers are, as they say themselves. */
    private static final String PROGRAMS = System.getProperty("roundtrip.bin", "bin");

    private Shell() {}

    /** A program as it is called from here. */
    static String program(String name) {
        Path launcher = Path.of(PROGRAMS, name).toAbsolutePath();
        Path fromHere = Path.of("bin", name);
        return launcher.equals(fromHere.toAbsolutePath()) ? fromHere.toString() : ShellWord.quote(launcher.toString());
    }

    /** Sources the {@code env} of a state directory, which points the rest of a shell session at its cloud, or of a
     * caller.
     */
    static String source(Path directory) {
        return ". " + ShellWord.quote(directory.resolve("env").toString());
    }

    /** A call of a method with a text. */
    static String call(URI endpoint, String query) {
        return program("sigv4-client") + " " + ShellWord.quote(endpoint + "?" + query);
    }

    /** The same with curl; the credentials come from the sourced file. */
    static String curl(String region, URI endpoint, String sortedQuery) {
        return "curl --silent --aws-sigv4 " + ShellWord.quote("aws:amz:" + region + ":execute-api")
                + " --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" "
                + ShellWord.quote(endpoint + "?" + sortedQuery);
    }

    /** A provisioned thing as a simulated device; endpoint and authority come from the sourced file. */
    static String device(Thing thing) {
        return program("device-simulator") + " --endpoint \"$IOT_ENDPOINT\" --ca \"$IOT_CA\""
                + " --cert " + ShellWord.quote(thing.files().certificate().toString())
                + " --key " + ShellWord.quote(thing.files().privateKey().toString())
                + " --client-id " + ShellWord.quote(thing.name().value());
    }

    /** Provisioned things, {@code PREFIX-1} to {@code PREFIX-N}, as simulated devices of one process.
     *
     * @param any one of the things of the same state directory
     */
    static String fleet(Thing any, Target prefix, int count) {
        ThingFiles files = new ThingFiles(any.files().directory().resolveSibling("{name}"));
        return program("device-simulator") + " --endpoint \"$IOT_ENDPOINT\" --ca \"$IOT_CA\""
                + " --cert " + ShellWord.quote(files.certificate().toString())
                + " --key " + ShellWord.quote(files.privateKey().toString())
                + " --client-id " + ShellWord.quote(prefix.value())
                + " --count " + count;
    }

    /** The query of a call that greets a device, sorted as curl must have it. */
    static String greeting(String target) {
        return "method=greet&request=hello&target=" + target + "&timeout=5";
    }

    /** Where calls to a cloud go. */
    static String curl(LocalCloud cloud, String target) {
        return curl(cloud.state().account().region(), cloud.apiEndpoint(), greeting(target));
    }
}
