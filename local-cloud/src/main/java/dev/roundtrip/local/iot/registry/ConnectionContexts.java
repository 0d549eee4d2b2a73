package dev.roundtrip.local.iot.registry;

import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.principal.DeviceCertificate.Contexts;
import dev.roundtrip.local.iot.certificate.CertificateVariables;
import java.security.cert.X509Certificate;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What policies may know of a connection: its client id, its certificate, and which thing it is. Immutable.
 *
 * @param things that the certificate is attached to, by name
 * @param exclusive the thing that the certificate belongs to, whatever the client id; null when there is none
 */
record ConnectionContexts(
        Map<String, RegisteredThing> things, @Nullable String exclusive) implements Contexts {
    private static final String THING = "iot:Connection.Thing.";

    ConnectionContexts {
        things = Map.copyOf(things);
    }

    @Override
    public PolicyContext of(String clientId, String sourceIp, X509Certificate certificate) {
        RegisteredThing thing = things.get(exclusive == null ? clientId : exclusive);
        PolicyContext context = CertificateVariables.of(certificate)
                .with("iot:ClientId", clientId)
                .with("aws:SourceIp", sourceIp)
                .with(THING + "IsAttached", Boolean.toString(thing != null));
        if (thing == null) {
            return context;
        }
        context = context.with(THING + "ThingName", thing.name());
        if (!thing.typeName().isEmpty()) {
            context = context.with(THING + "ThingTypeName", thing.typeName());
        }
        for (Map.Entry<String, String> attribute : thing.attributes().entrySet()) {
            context = context.with(THING + "Attributes[" + attribute.getKey() + "]", attribute.getValue());
        }
        return context;
    }
}
