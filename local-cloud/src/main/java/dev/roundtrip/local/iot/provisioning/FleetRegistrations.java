package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.iot.provisioning.OwnershipToken.Use;
import dev.roundtrip.local.iot.provisioning.Wanted.WantedCertificate;
import dev.roundtrip.local.iot.provisioning.Wanted.WantedThing;
import dev.roundtrip.local.iot.registry.RegistryTransaction;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** RegisterThing over MQTT: gives a device its thing, and activates the certificate. All of it or nothing, and once:
 * the same request again is answered again. Thread-safe.
 */
final class FleetRegistrations {
    private final ProvisioningEnvironment around;

    FleetRegistrations(ProvisioningEnvironment around) {
        this.around = around;
    }

    /** What a device asks for.
     *
     * @param token as sent
     */
    record Request(String template, String token, Map<String, String> parameters) {
        Request {
            parameters = Map.copyOf(parameters);
        }

        /** What tells it from other requests. */
        String digest() {
            ObjectNode all = JsonNodeFactory.instance.objectNode().put("template", template);
            ObjectNode sorted = all.putObject("parameters");
            new TreeMap<>(parameters).forEach(sorted::put);
            return Digests.hex(all.toString());
        }
    }

    /** Registers.
     *
     * @param principal who asks
     * @return what is answered
     */
    ObjectNode register(Request request, String principal) throws ProvisioningRefusal {
        if (request.token().isEmpty()) {
            // The one text of AWS's that is known, see ProvisioningError.
            throw invalidToken("Certificate ownership token cannot be empty.");
        }
        Instant now = around.clock().instant();
        return around.registry()
                .<ObjectNode, ProvisioningRefusal>transact(change -> register(change, request, principal, now));
    }

    private ObjectNode register(RegistryTransaction change, Request request, String principal, Instant now)
            throws ProvisioningRefusal {
        OwnershipToken token = OwnershipToken.find(change.rows(), Digests.hex(request.token()))
                .filter(found -> found.principal().equals(principal))
                .filter(found -> now.isBefore(found.expires()))
                .orElseThrow(() -> invalidToken(
                        "The certificate ownership token is unknown or expired, or belongs to another principal."));
        Use before = token.use();
        if (before != null) {
            if (before.request().equals(request.digest())) {
                return before.answer();
            }
            throw invalidToken("The certificate ownership token was used for another request.");
        }
        ProvisioningTemplate template = usable(change, request.template());
        boolean waits = change.certificate(token.certificateId())
                .filter(found -> found.status() == CertificateStatus.PENDING_ACTIVATION)
                .isPresent();
        if (!waits) {
            throw invalidToken("The certificate does not wait for activation any more.");
        }
        Wanted wanted = wanted(template, request.parameters(), token.certificateId());
        var unused = Registration.register(change, around.account(), wanted, token.certificateId());
        ObjectNode answer = answer(wanted);
        token.used(change.rows(), new Use(request.digest(), answer));
        return answer;
    }

    private static ProvisioningRefusal invalidToken(String message) {
        return new ProvisioningRefusal(ProvisioningError.INVALID_TOKEN, message);
    }

    private static ProvisioningTemplate usable(RegistryTransaction change, String name) throws ProvisioningRefusal {
        ProvisioningTemplate template = Templates.find(change.rows(), name)
                .orElseThrow(() -> new ProvisioningRefusal(
                        ProvisioningError.RESOURCE_NOT_FOUND, "There is no provisioning template of this name."));
        if (!template.properties().enabled()) {
            throw new ProvisioningRefusal(
                    ProvisioningError.TEMPLATE_NOT_USABLE, "The provisioning template is not enabled.");
        }
        return template;
    }

    private static Wanted wanted(ProvisioningTemplate template, Map<String, String> given, String certificateId)
            throws ProvisioningRefusal {
        Map<String, String> parameters = new HashMap<>(given);
        if (given.keySet().stream().anyMatch(name -> name.startsWith(TemplateBody.OF_CERTIFICATE))) {
            throw Expressions.refusal("a parameter of a device does not begin with " + TemplateBody.OF_CERTIFICATE);
        }
        parameters.put(TemplateBody.CERTIFICATE_ID, certificateId);
        Wanted wanted =
                Resolution.of(TemplateReader.read(template.current().body(), TemplateReader.Use.FLEET), parameters);
        WantedCertificate certificate = wanted.certificate();
        if (certificate == null || !certificate.id().equals(certificateId)) {
            // Else a device could have another's certificate attached to its thing.
            throw Expressions.refusal("the template names another certificate than the device's own");
        }
        return wanted;
    }

    private static ObjectNode answer(Wanted wanted) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ObjectNode configuration = answer.putObject("deviceConfiguration");
        new TreeMap<>(wanted.configuration()).forEach(configuration::put);
        WantedThing thing = wanted.thing();
        if (thing != null) {
            answer.put("thingName", thing.name());
        }
        return answer;
    }
}
