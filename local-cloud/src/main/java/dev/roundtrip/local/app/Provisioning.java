package dev.roundtrip.local.app;

import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.registry.PolicyDocuments;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.RegistryRegistration;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.registry.ThingFileExchange;
import dev.roundtrip.local.iot.registry.ThingRegistration;
import dev.roundtrip.local.iot.registry.Things;
import dev.roundtrip.local.keys.Certificates;
import dev.roundtrip.local.keys.DeviceKeys;
import dev.roundtrip.local.keys.SigningRequest;
import dev.roundtrip.local.keys.TlsIdentity;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Makes things as a person does on AWS: with a key of their own, by the operations of the control plane. Then writes
 * the files that a device needs. Thread-safe.
 */
public final class Provisioning {
    private final StateDirectory state;
    private final ThingRegistration registration;
    private final ClientPrefix prefix;
    private final PendingIdentities pending;

    /** @param prefix of the gateway that things may answer */
    public Provisioning(StateDirectory state, ThingRegistration registration, ClientPrefix prefix) {
        this.state = state;
        this.registration = registration;
        this.prefix = prefix;
        this.pending = new PendingIdentities(state.path().resolve("provisioning"));
    }

    /** The registration in the tables of a state directory, whether a local cloud runs or not: one that does hears of
     * it.
     */
    public static final class OwnTables implements AutoCloseable {
        private final TableStore tables;
        private final ThingRegistration registration;

        private OwnTables(StateDirectory state, TableStore tables) {
            this.tables = tables;
            Registry registry = new Registry(tables, state.account(), InstantSource.system());
            ThingFileExchange files = state.thingFiles(registry, ThingFileExchange.Direction.BOTH, complaint -> {});
            this.registration = new RegistryRegistration(registry, files, state.authority());
        }

        /** @throws StateException when the tables cannot be read */
        public static OwnTables open(StateDirectory state) throws StateException {
            TableStore tables = state.tables();
            try {
                return new OwnTables(state, tables);
            } catch (StoreException unusable) {
                tables.close();
                throw new StateException(String.valueOf(unusable.getMessage()));
            }
        }

        public ThingRegistration registration() {
            return registration;
        }

        @Override
        public void close() {
            tables.close();
        }
    }

    /** The thing of this name, which is made when it is missing.
     *
     * @throws StateException as {@link StateDirectory#provision}, and when an operation is refused
     */
    public Thing provision(Target name) throws StateException {
        Optional<Thing> found = state.find(name);
        if (found.isEmpty()) {
            return replace(name);
        }
        found.get().files().requireIdentity();
        return found.get();
    }

    /** Makes a thing anew: the certificate and key that it had are worthless afterwards, and edits of its policy are
     * lost. Goes on with what an earlier process began and did not end.
     *
     * @throws StateException as {@link StateDirectory#replace}, and when an operation is refused
     */
    public Thing replace(Target name) throws StateException {
        StateDirectory.requireName(name, prefix);
        ThingRegistration.Properties properties = registration.createThing(name);
        registration.createPolicy(ThingFileExchange.policyName(name.value()), PolicyDocuments.ofThing(prefix));
        TlsIdentity identity = identity(name);
        registration.attachThingPrincipal(name, identity.certificate());
        // Not before: the running cloud waits for the lock of the directory when it hears of a change.
        Thing made = state.write(new Things.Wanted(name, properties, prefix), identity);
        registration.written(name);
        pending.forget(name);
        return made;
    }

    /** A certificate that has the thing's policy. */
    private TlsIdentity identity(Target name) throws StateException {
        String policy = ThingFileExchange.policyName(name.value());
        Optional<TlsIdentity> begun = pending.find(name);
        if (begun.isPresent() && !isWritten(name, begun.get())) {
            try {
                registration.attachPolicy(policy, begun.get().certificate());
                return begun.get();
            } catch (StateException gone) {
                pending.forget(name);
            }
        }
        KeyPair keys = DeviceKeys.ellipticCurve();
        X509Certificate certificate =
                registration.createCertificateFromCsr(SigningRequest.of(Certificates.subject(name.value()), keys));
        TlsIdentity made = new TlsIdentity(keys.getPrivate(), List.of(certificate));
        pending.keep(name, made);
        registration.attachPolicy(policy, certificate);
        return made;
    }

    /** Whether the thing's files have this certificate: then nothing is left of the provisioning that made it. */
    private boolean isWritten(Target name, TlsIdentity identity) {
        try {
            return state.find(name)
                    .filter(thing -> thing.certificateId().equals(CertificateId.of(identity.certificate())))
                    .isPresent();
        } catch (StateException damaged) {
            return false;
        }
    }
}
