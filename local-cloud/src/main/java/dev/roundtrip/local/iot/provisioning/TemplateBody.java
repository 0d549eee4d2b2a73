package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a template says; {@link TemplateReader} has checked it. Immutable by convention.
 *
 * @param parameters each with its default; empty when it must be given
 * @param mappings an object of objects of objects
 * @param configuration what devices are sent: expressions by name
 */
record TemplateBody(
        Map<String, Optional<String>> parameters,
        JsonNode mappings,
        TemplateResource.@Nullable Thing thing,
        TemplateResource.@Nullable Certificate certificate,
        List<TemplateResource.Policy> policies,
        Map<String, JsonNode> configuration) {
    /** The names of parameters that a certificate has; no device may give them. Source: AWS IoT developer guide,
     * "Just-in-time provisioning".
     */
    static final String OF_CERTIFICATE = "AWS::IoT::Certificate::";

    /** The id of the certificate. */
    static final String CERTIFICATE_ID = OF_CERTIFICATE + "Id";

    TemplateBody {
        parameters = Map.copyOf(parameters);
        policies = List.copyOf(policies);
        configuration = Map.copyOf(configuration);
    }
}
