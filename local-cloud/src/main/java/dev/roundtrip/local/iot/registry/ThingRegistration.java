package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.Target;
import java.security.cert.X509Certificate;
import java.util.Map;

/** The operations of AWS IoT's control plane that register a thing with its certificate and its policy. What is there
 * already stays as it is.
 *
 * <p>Each throws a {@link StateException} when it is refused, or cannot be asked for.
 */
public interface ThingRegistration {
    /** What a thing is beside its name.
     *
     * @param typeName empty when it has no type
     * @param attributes values by name
     */
    record Properties(String typeName, Map<String, String> attributes) {
        public Properties {
            attributes = Map.copyOf(attributes);
        }
    }

    /** Has a certificate made, which is active at once.
     *
     * @param request PEM
     */
    X509Certificate createCertificateFromCsr(String request) throws StateException;

    /** Makes a thing, or finds the one that is there. */
    Properties createThing(Target name) throws StateException;

    /** Makes a policy, unless there is one of this name. */
    void createPolicy(String name, String document) throws StateException;

    void attachPolicy(String policy, X509Certificate certificate) throws StateException;

    /** Attaches a certificate to a thing, and to no other. */
    void attachThingPrincipal(Target thing, X509Certificate certificate) throws StateException;

    /** Hears that the files of a thing are written. */
    void written(Target thing) throws StateException;
}
