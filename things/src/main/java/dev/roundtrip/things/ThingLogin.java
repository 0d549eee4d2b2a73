package dev.roundtrip.things;

import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.protocol.Target;
import java.security.SecureRandom;
import java.util.stream.Collectors;

/** A thing that connects, under a client id that no other run has: a broker ends the connection of a client when
 * another one comes with its id.
 *
 * @param thing whose certificate it shows
 * @param login with the client id {@code THING:RUN}
 */
record ThingLogin(Target thing, Login login) {
    private static final String SEPARATOR = ":";
    private static final String CHARACTERS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LENGTH = 8;

    ThingLogin(Target thing, String run, Endpoint endpoint, TlsFiles tls) {
        this(thing, new Login(clientId(thing.value(), run), endpoint, tls));
    }

    /** The client ids of a thing in all runs, as policies say it. A thing's name may have the separator too: as many
     * characters as a run has, and no more, keep the client ids of {@code a:b} from {@code a}.
     *
     * @param thing its name, or a policy variable
     */
    static String anyClientId(String thing) {
        return thing + SEPARATOR + "?".repeat(LENGTH);
    }

    /** A new run: 40 random bits. */
    static String newRun() {
        return new SecureRandom()
                .ints(LENGTH, 0, CHARACTERS.length())
                .mapToObj(at -> CHARACTERS.substring(at, at + 1))
                .collect(Collectors.joining());
    }

    /** A thing's client id in a run.
     *
     * @throws IllegalArgumentException when the thing's name is too long, or none
     */
    static Target clientId(String thing, String run) {
        return new Target(thing + SEPARATOR + run);
    }
}
