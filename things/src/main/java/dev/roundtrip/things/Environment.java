package dev.roundtrip.things;

import dev.roundtrip.cli.StandardStream;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What the process runs in.
 *
 * @param variables the environment variables
 * @param clouds makes the clients; whoever asks for them closes them
 * @param terminals tells the streams that somebody watches
 * @param pause waits between attempts
 */
record Environment(
        Map<String, String> variables, Supplier<Cloud> clouds, Supplier<Set<StandardStream>> terminals, Pause pause) {
    static Environment ofProcess() {
        return new Environment(System.getenv(), Cloud::ofProcess, StandardStream::terminals, Thread::sleep);
    }
}
