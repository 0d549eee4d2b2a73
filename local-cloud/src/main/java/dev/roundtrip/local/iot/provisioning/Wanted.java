package dev.roundtrip.local.iot.provisioning;

import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.iot.registry.Attachment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a template asks for with the parameters of one device. Immutable.
 *
 * @param configuration what the device is sent
 */
record Wanted(
        @Nullable WantedThing thing,
        @Nullable WantedCertificate certificate,
        List<WantedPolicy> policies,
        Map<String, String> configuration) {
    Wanted {
        policies = List.copyOf(policies);
        configuration = Map.copyOf(configuration);
    }

    /** A thing.
     *
     * @param type null for none
     * @param attributes null when the template has none
     * @param groups null when the template has none
     */
    record WantedThing(
            String logicalName,
            String name,
            @Nullable String type,
            @Nullable Map<String, String> attributes,
            @Nullable List<String> groups,
            TemplateResource.Overrides overrides) {
        WantedThing {
            attributes = attributes == null ? null : Map.copyOf(attributes);
            groups = groups == null ? null : List.copyOf(groups);
        }
    }

    /** A certificate.
     *
     * @param id empty when it is made from a signing request
     * @param request the signing request; empty when the id is given
     */
    record WantedCertificate(
            String logicalName,
            String id,
            String request,
            CertificateStatus status,
            Attachment attachment,
            TemplateResource.OverrideSetting statusOverride) {}

    /** A policy.
     *
     * @param document empty when the policy must be there
     */
    record WantedPolicy(String logicalName, String name, String document) {}
}
