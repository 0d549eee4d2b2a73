package dev.roundtrip.local.app;

import dev.roundtrip.auth.sigv4.SigV4Settings;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.auth.sigv4.SigningService;
import dev.roundtrip.local.http.BodyBudget;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.log.BoundedLog;
import dev.roundtrip.local.store.table.TableStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;

/** What the services of a local cloud are built on.
 *
 * @param tables the rows of services
 * @param registry things, certificates and policies
 * @param refusals takes the lines of refusals
 * @param journal takes steps; {@link Recorder#NONE} when there is no journal
 * @param bodies what all bodies of HTTP requests together may take
 */
record Foundation(
        LocalCloudSettings settings,
        StateDirectory state,
        StatePrincipals principals,
        TableStore tables,
        Registry registry,
        BoundedLog refusals,
        Recorder journal,
        BodyBudget bodies) {

    /** What verifies signatures for these services. */
    SigV4Verifier verifier(SigningService... services) {
        return new SigV4Verifier(
                SigV4Settings.of(state.account().region(), services), principals, InstantSource.system());
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Opens what listens. */
    interface Listening<T> {
        T open() throws IOException;
    }

    /** @throws StartException when a port is taken */
    static <T> T listening(Listening<T> listener) throws StartException {
        try {
            return listener.open();
        } catch (IOException failed) {
            throw new StartException(
                    failed.getMessage() + "; does a local cloud run already? Stop what listens there,"
                            + " or choose other ports with --api-port, --mqtt-port and --wss-port (0 takes a free one)",
                    failed);
        }
    }
}
