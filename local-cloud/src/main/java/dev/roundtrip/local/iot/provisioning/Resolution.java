package dev.roundtrip.local.iot.provisioning;

import static dev.roundtrip.local.iot.provisioning.Expressions.refusal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.iot.provisioning.Wanted.WantedCertificate;
import dev.roundtrip.local.iot.provisioning.Wanted.WantedPolicy;
import dev.roundtrip.local.iot.provisioning.Wanted.WantedThing;
import dev.roundtrip.local.iot.registry.Attachment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fills in a template. Used by one thread. */
final class Resolution {
    /** Source: {@code ThingName}, {@code ThingTypeName} and {@code ThingGroupName} of service model
     * {@code iot-2015-05-28}.
     */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");

    /** Source: {@code AttributeName} and {@code AttributeValue} of the same. */
    private static final Pattern ATTRIBUTE_NAME = Pattern.compile("[a-zA-Z0-9_.,@/:#-]{1,128}");

    private static final Pattern ATTRIBUTE_VALUE = Pattern.compile("[a-zA-Z0-9_.,@/:#=\\[\\]-]{0,800}");

    private final TemplateBody template;
    private final Evaluation values;

    private Resolution(TemplateBody template, Map<String, String> parameters) {
        this.template = template;
        this.values = new Evaluation(parameters, template.mappings());
    }

    /** Fills in the parameters.
     *
     * @throws ProvisioningRefusal when one is missing, or a value is none that there can be
     */
    static Wanted of(TemplateBody template, Map<String, String> given) throws ProvisioningRefusal {
        Map<String, String> parameters = new HashMap<>(given);
        for (Map.Entry<String, Optional<String>> declared :
                template.parameters().entrySet()) {
            String name = declared.getKey();
            declared.getValue().ifPresent(value -> parameters.putIfAbsent(name, value));
            if (!parameters.containsKey(name) && !name.startsWith(TemplateBody.OF_CERTIFICATE)) {
                throw refusal("the parameter " + name + " is missing");
            }
        }
        return new Resolution(template, parameters).wanted();
    }

    private Wanted wanted() throws ProvisioningRefusal {
        List<WantedPolicy> policies = new ArrayList<>();
        for (TemplateResource.Policy policy : template.policies()) {
            policies.add(policy(policy));
        }
        Map<String, String> configuration = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : template.configuration().entrySet()) {
            configuration.put(entry.getKey(), values.text(entry.getValue()));
        }
        TemplateResource.Thing thing = template.thing();
        TemplateResource.Certificate certificate = template.certificate();
        return new Wanted(
                thing == null ? null : thing(thing),
                certificate == null ? null : certificate(certificate),
                policies,
                configuration);
    }

    private static String named(String what, String value) throws ProvisioningRefusal {
        if (!NAME.matcher(value).matches()) {
            throw refusal(what + " must match " + NAME);
        }
        return value;
    }

    private WantedThing thing(TemplateResource.Thing thing) throws ProvisioningRefusal {
        String name = named("ThingName", values.text(thing.name()));
        JsonNode type = thing.type();
        Map<String, JsonNode> attributes = thing.attributes();
        List<JsonNode> groups = thing.groups();
        return new WantedThing(
                thing.logicalName(),
                name,
                type == null ? null : named("ThingTypeName", values.text(type)),
                attributes == null ? null : attributes(attributes),
                groups == null ? null : groups(groups),
                thing.overrides());
    }

    private Map<String, String> attributes(Map<String, JsonNode> expressions) throws ProvisioningRefusal {
        Map<String, String> attributes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> attribute : expressions.entrySet()) {
            if (!ATTRIBUTE_NAME.matcher(attribute.getKey()).matches()) {
                throw refusal("the name of an attribute must match " + ATTRIBUTE_NAME);
            }
            String value = values.text(attribute.getValue());
            if (!ATTRIBUTE_VALUE.matcher(value).matches()) {
                throw refusal("the attribute " + attribute.getKey() + " must match " + ATTRIBUTE_VALUE);
            }
            attributes.put(attribute.getKey(), value);
        }
        return attributes;
    }

    private List<String> groups(List<JsonNode> expressions) throws ProvisioningRefusal {
        List<String> groups = new ArrayList<>();
        for (JsonNode group : expressions) {
            groups.add(named("the name of a thing group", values.text(group)));
        }
        return groups;
    }

    private WantedCertificate certificate(TemplateResource.Certificate certificate) throws ProvisioningRefusal {
        return new WantedCertificate(
                certificate.logicalName(),
                textOr(certificate.id(), ""),
                textOr(certificate.request(), ""),
                status(textOr(certificate.status(), "ACTIVE")),
                attachment(textOr(certificate.attachment(), Attachment.NON_EXCLUSIVE_THING.name())),
                certificate.statusOverride());
    }

    private String textOr(@Nullable JsonNode expression, String absent) throws ProvisioningRefusal {
        return expression == null ? absent : values.text(expression);
    }

    /** The guide writes both {@code ACTIVE} and {@code Active}. */
    private static CertificateStatus status(String word) throws ProvisioningRefusal {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "ACTIVE" -> CertificateStatus.ACTIVE;
            case "INACTIVE" -> CertificateStatus.INACTIVE;
            default -> throw refusal("Status must be ACTIVE or INACTIVE");
        };
    }

    private static Attachment attachment(String word) throws ProvisioningRefusal {
        return switch (word) {
            case "EXCLUSIVE_THING" -> Attachment.EXCLUSIVE_THING;
            case "NON_EXCLUSIVE_THING" -> Attachment.NON_EXCLUSIVE_THING;
            default -> throw refusal("ThingPrincipalType must be EXCLUSIVE_THING or NON_EXCLUSIVE_THING");
        };
    }

    private WantedPolicy policy(TemplateResource.Policy policy) throws ProvisioningRefusal {
        JsonNode document = policy.document();
        JsonNode name = policy.name();
        if (document != null) {
            String text = values.document(document);
            return new WantedPolicy(policy.logicalName(), Digests.hex(text), text);
        }
        return new WantedPolicy(policy.logicalName(), name == null ? "" : values.text(name), "");
    }
}
