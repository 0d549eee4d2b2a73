package dev.roundtrip.local.app;

import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.local.iot.authorization.KnownPrincipals;
import dev.roundtrip.local.iot.authorization.NamedPolicy;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** The certificates of the state directory with their policies. A policy has the name of its thing. Thread-safe. */
final class StatePolicies implements KnownPrincipals {
    /** Nobody connects: a policy that asks for the address sees this one. */
    private static final String SOURCE = "127.0.0.1";

    private final StateDirectory state;

    StatePolicies(StateDirectory state) {
        this.state = state;
    }

    @Override
    public Optional<Known> find(String arn, String clientId) {
        String prefix = state.account().iotArn("cert/");
        String id = arn.startsWith(prefix) ? arn.substring(prefix.length()) : "";
        try {
            for (Thing thing : state.things()) {
                if (thing.certificateId().value().equals(id)) {
                    var context = thing.context(clientId, SOURCE, certificate(thing));
                    return Optional.of(
                            new Known(policies(thing), clientId.isEmpty() ? context.with("iot:ClientId") : context));
                }
            }
            return Optional.empty();
        } catch (StateException | IOException | CertificateException damaged) {
            throw new IllegalStateException(damaged.getMessage(), damaged);
        }
    }

    @Override
    public Optional<NamedPolicy> policy(String name) {
        try {
            Optional<Thing> thing =
                    name.matches("[a-zA-Z0-9:_-]{1,128}") ? state.find(new Target(name)) : Optional.empty();
            return thing.flatMap(found -> policies(found).stream().findFirst());
        } catch (StateException damaged) {
            throw new IllegalStateException(damaged.getMessage(), damaged);
        }
    }

    private List<NamedPolicy> policies(Thing thing) {
        String name = thing.name().value();
        return thing.policies().stream().map(policy -> named(name, policy)).toList();
    }

    private NamedPolicy named(String name, Policy policy) {
        return new NamedPolicy(name, state.account().iotArn("policy/" + name), policy);
    }

    private static X509Certificate certificate(Thing thing) throws IOException, CertificateException {
        try (InputStream pem = Files.newInputStream(thing.files().certificate())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }
}
