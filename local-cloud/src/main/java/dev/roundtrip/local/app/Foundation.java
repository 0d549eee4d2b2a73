package dev.roundtrip.local.app;

import dev.roundtrip.auth.sigv4.SigV4Settings;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.auth.sigv4.SigningService;
import dev.roundtrip.local.http.BodyBudget;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpService;
import dev.roundtrip.local.http.RefusedRequests;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationService;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.http.operation.RequestAuthentication;
import dev.roundtrip.local.http.operation.UnservedService;
import dev.roundtrip.local.iot.events.JournaledDenials;
import dev.roundtrip.local.iot.group.ThingGroups;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.log.BoundedLog;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.sts.SecurityTokens;
import dev.roundtrip.local.time.ServiceClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/** What the services of a local cloud are built on.
 *
 * @param clock of the services
 * @param tables rows of services
 * @param registry things, certificates and policies
 * @param groups of things
 * @param refusals takes the lines of refusals
 * @param journal takes steps; {@link Recorder#NONE} when there is no journal
 * @param bodies what all bodies of HTTP requests together may take
 */
record Foundation(
        LocalCloudSettings settings,
        StateDirectory state,
        StatePrincipals principals,
        ServiceClock clock,
        TableStore tables,
        Registry registry,
        ThingGroups groups,
        BoundedLog refusals,
        Recorder journal,
        BodyBudget bodies) {

    /** What verifies signatures for these services. */
    SigV4Verifier verifier(SigningService... services) {
        return new SigV4Verifier(
                SigV4Settings.of(state.account().region(), services), principals, InstantSource.system());
    }

    /** A service of AWS for requests that are signed for it.
     *
     * @param signingName what the log calls it
     * @param available whether what the operations need is there
     */
    HttpService service(OperationTable table, String signingName, BooleanSupplier available) {
        return service(table, signingName, signed(table), available);
    }

    /** The same as {@link #service}, where what was written into the state directory a moment ago is not missing. */
    HttpService serviceOfRegistry(OperationTable table, String signingName) {
        return service(table.handling(this::knowingChanges), signingName, () -> true);
    }

    /** What is missing is looked for once more, after the files that were written meanwhile. */
    private Operation.Handler knowingChanges(Operation.Handler handler) {
        return request -> {
            try {
                return handler.answer(request);
            } catch (Refusal missing) {
                if (missing.type() != ErrorType.RESOURCE_NOT_FOUND) {
                    throw missing;
                }
                principals.readChanges();
                return handler.answer(request);
            }
        };
    }

    /** Whether there is a thing of this name, also one whose files were made a moment ago. */
    boolean hasThing(String name) {
        ThingRegistry things = new ThingRegistry(registry);
        if (things.has(name)) {
            return true;
        }
        principals.readChanges();
        return things.has(name);
    }

    /** The same as {@link #service}, also for devices that show their certificates. */
    HttpService serviceForDevices(OperationTable table, String signingName, BooleanSupplier available) {
        return service(table, signingName, new DeviceRequests(signed(table), principals, state.account()), available);
    }

    private HttpService service(
            OperationTable table, String signingName, RequestAuthentication authentication, BooleanSupplier available) {
        return new OperationService(table, signingName, authentication, available, refusedRequests());
    }

    private RequestAuthentication signed(OperationTable table) {
        SigningService[] names =
                table.signingNames().stream().map(Foundation::signingService).toArray(SigningService[]::new);
        return new SignedRequests(principals, state.account(), verifier(names));
    }

    /** Takes the lines of requests that services refuse; a denial is a step too. */
    RefusedRequests refusedRequests() {
        return new RefusedRequests(refusals, new JournaledDenials(journal));
    }

    private static SigningService signingService(String name) {
        return name.equals(SigningService.IOT_DEVICE_GATEWAY.name())
                ? SigningService.IOT_DEVICE_GATEWAY
                : SigningService.of(name);
    }

    /** AWS Security Token Service, which needs no broker. */
    HttpService securityTokens() {
        return service(SecurityTokens.operations(), SecurityTokens.SIGNING_NAME, () -> true);
    }

    /** What answers for the services of AWS that the local cloud does not have. */
    HttpService unserved() {
        return new UnservedService(refusedRequests());
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
            if (String.valueOf(failed.getMessage()).contains("Permission denied")) {
                throw new StartException(
                        failed.getMessage() + "; a port below 1024 needs a right on Linux: give it to all programs with"
                                + " 'sudo sysctl net.ipv4.ip_unprivileged_port_start=443' until the next boot,"
                                + " or start without --ports aws",
                        failed);
            }
            throw new StartException(
                    failed.getMessage() + "; does a local cloud run already? Stop what listens there,"
                            + " or choose other ports with --api-port, --mqtt-port and --wss-port (0 takes a free one)",
                    failed);
        }
    }
}
