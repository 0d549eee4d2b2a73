package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.iot.registry.RegisteredCertificate.Mode;
import dev.roundtrip.local.iot.registry.RegistryException.Reason;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.SigningRequest;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.protocol.Target;
import java.security.cert.X509Certificate;
import java.util.Map;

/** Registers things in a registry of this process, where no local cloud runs that could be asked. Thread-safe. */
public final class RegistryRegistration implements ThingRegistration {
    private final Registry registry;
    private final Authority authority;
    private final ThingFileExchange files;

    /** @param files takes the files of things over into the registry
     * @param authority signs certificates
     */
    public RegistryRegistration(Registry registry, ThingFileExchange files, Authority authority) {
        this.registry = registry;
        this.files = files;
        this.authority = authority;
    }

    private interface Operation<T> {
        T run() throws RegistryException;
    }

    private static <T> T run(Operation<T> operation) throws StateException {
        try {
            return operation.run();
        } catch (RegistryException | StoreException refused) {
            throw new StateException(String.valueOf(refused.getMessage()));
        }
    }

    @Override
    public X509Certificate createCertificateFromCsr(String request) throws StateException {
        SigningRequest wanted =
                SigningRequest.read(request).orElseThrow(() -> new StateException("the signing request is malformed"));
        return run(() -> {
            X509Certificate certificate = authority.certify(wanted.subject(), wanted.key());
            var unused = new CertificateRegistry(registry).add(certificate, CertificateStatus.ACTIVE, Mode.DEFAULT);
            return certificate;
        });
    }

    @Override
    public Properties createThing(Target name) throws StateException {
        return run(() -> {
            ThingRegistry things = new ThingRegistry(registry);
            RegisteredThing thing;
            try {
                thing = things.create(name.value(), "", Map.of());
            } catch (RegistryException refused) {
                passOnUnlessThere(refused);
                thing = things.get(name.value());
            }
            return new Properties(thing.typeName(), thing.attributes());
        });
    }

    @Override
    public void createPolicy(String name, String document) throws StateException {
        boolean unused = run(() -> {
            try {
                var made = new PolicyRegistry(registry).create(name, document);
                return made.versions().size() == 1;
            } catch (RegistryException refused) {
                passOnUnlessThere(refused);
                return false;
            }
        });
    }

    private static void passOnUnlessThere(RegistryException refused) throws RegistryException {
        if (refused.reason() != Reason.RESOURCE_ALREADY_EXISTS) {
            throw refused;
        }
    }

    @Override
    public void attachPolicy(String policy, X509Certificate certificate) throws StateException {
        boolean unused = run(() -> {
            new Attachments(registry).attachPolicy(policy, arn(certificate));
            return true;
        });
    }

    @Override
    public void attachThingPrincipal(Target thing, X509Certificate certificate) throws StateException {
        boolean unused = run(() -> {
            new Attachments(registry).attachThing(thing.value(), arn(certificate), Attachment.EXCLUSIVE_THING);
            return true;
        });
    }

    private String arn(X509Certificate certificate) {
        return registry.account().certificateArn(CertificateId.of(certificate).value());
    }

    @Override
    public void written(Target thing) throws StateException {
        try {
            files.read(thing);
        } catch (StoreException failed) {
            throw new StateException(String.valueOf(failed.getMessage()));
        }
    }
}
