package dev.roundtrip.local.iot.provisioning;

import static dev.roundtrip.local.iot.provisioning.Expressions.refusal;
import static dev.roundtrip.local.iot.provisioning.TemplateReader.object;
import static dev.roundtrip.local.iot.provisioning.TemplateReader.only;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.iot.provisioning.TemplateReader.Use;
import dev.roundtrip.local.iot.provisioning.TemplateResource.OverrideSetting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the resources that a template declares. Used by one thread.
 *
 * <p>Source: AWS IoT developer guide, "Provisioning templates", "Template resources".
 *
 * @param expressions checks what refers to parameters and mappings
 */
record ResourceReader(Expressions expressions, Use use) {
    private static final EnumSet<OverrideSetting> WITHOUT_MERGE =
            EnumSet.of(OverrideSetting.DO_NOTHING, OverrideSetting.REPLACE, OverrideSetting.FAIL);

    /** Reads a resource.
     *
     * @param name its logical name
     * @throws ProvisioningRefusal when it is wrong, or asks for what the local cloud does not have
     */
    TemplateResource read(String name, JsonNode declared) throws ProvisioningRefusal {
        String where = "Resources." + name;
        only(object(declared, where), Set.of("Type", "Properties", "OverrideSettings"), where);
        JsonNode properties = declared.path("Properties");
        if (!properties.isObject()) {
            throw refusal(where + ".Properties must be an object");
        }
        JsonNode overrides = object(declared.path("OverrideSettings"), where + ".OverrideSettings");
        return switch (declared.path("Type").asText()) {
            case "AWS::IoT::Thing" -> thing(name, properties, overrides);
            case "AWS::IoT::Certificate" -> certificate(name, properties, overrides);
            case "AWS::IoT::Policy" -> policy(name, properties, overrides);
            default ->
                throw refusal(where + ".Type must be AWS::IoT::Thing, AWS::IoT::Certificate or AWS::IoT::Policy");
        };
    }

    private TemplateResource.Thing thing(String name, JsonNode properties, JsonNode overrides)
            throws ProvisioningRefusal {
        String where = "Resources." + name + ".Properties";
        for (String absent : List.of("BillingGroup", "PackageVersions")) {
            if (properties.has(absent)) {
                throw refusal(where + " has " + absent + ", which the local cloud does not have");
            }
        }
        only(properties, Set.of("ThingName", "AttributePayload", "ThingTypeName", "ThingGroups"), where);
        only(
                overrides,
                Set.of("AttributePayload", "ThingTypeName", "ThingGroups"),
                "Resources." + name + ".OverrideSettings");
        expressions.text(properties.path("ThingName"), where + ".ThingName");
        Map<String, JsonNode> attributes = null;
        if (properties.has("AttributePayload")) {
            attributes = new LinkedHashMap<>();
            JsonNode payload = object(properties.path("AttributePayload"), where + ".AttributePayload");
            for (Map.Entry<String, JsonNode> attribute : payload.properties()) {
                expressions.text(attribute.getValue(), where + ".AttributePayload." + attribute.getKey());
                attributes.put(attribute.getKey(), attribute.getValue());
            }
        }
        List<JsonNode> groups = null;
        if (properties.has("ThingGroups")) {
            groups = new ArrayList<>();
            if (!properties.path("ThingGroups").isArray()) {
                throw refusal(where + ".ThingGroups must be a list");
            }
            for (JsonNode group : properties.path("ThingGroups")) {
                expressions.text(group, where + ".ThingGroups");
                groups.add(group);
            }
        }
        EnumSet<OverrideSetting> all = EnumSet.allOf(OverrideSetting.class);
        return new TemplateResource.Thing(
                name,
                properties.path("ThingName"),
                optional(properties, "ThingTypeName", where),
                attributes,
                groups,
                new TemplateResource.Overrides(
                        override(overrides, "AttributePayload", OpenFacts.OVERRIDE_OF_A_THING, all),
                        override(overrides, "ThingTypeName", OpenFacts.OVERRIDE_OF_A_THING, WITHOUT_MERGE),
                        override(overrides, "ThingGroups", OpenFacts.OVERRIDE_OF_A_THING, all)));
    }

    private TemplateResource.Certificate certificate(String name, JsonNode properties, JsonNode overrides)
            throws ProvisioningRefusal {
        String where = "Resources." + name + ".Properties";
        for (String absent : List.of("CertificatePem", "CACertificatePem")) {
            if (properties.has(absent)) {
                throw refusal(where + " has " + absent + ": the local cloud registers no certificate authorities");
            }
        }
        only(properties, Set.of("CertificateId", "CertificateSigningRequest", "Status", "ThingPrincipalType"), where);
        only(overrides, Set.of("Status"), "Resources." + name + ".OverrideSettings");
        if (properties.has("CertificateId") == properties.has("CertificateSigningRequest")) {
            throw refusal(where + " must have one of CertificateId and CertificateSigningRequest");
        }
        if (use == Use.FLEET && !properties.has("CertificateId")) {
            throw refusal(where + " must have CertificateId: with fleets the certificate is there already");
        }
        return new TemplateResource.Certificate(
                name,
                optional(properties, "CertificateId", where),
                optional(properties, "CertificateSigningRequest", where),
                optional(properties, "Status", where),
                optional(properties, "ThingPrincipalType", where),
                override(overrides, "Status", OpenFacts.OVERRIDE_OF_A_STATUS, WITHOUT_MERGE));
    }

    private TemplateResource.Policy policy(String name, JsonNode properties, JsonNode overrides)
            throws ProvisioningRefusal {
        String where = "Resources." + name + ".Properties";
        only(properties, Set.of("PolicyName", "PolicyDocument"), where);
        if (!overrides.isEmpty()) {
            throw refusal("Resources." + name + ".OverrideSettings: a policy has none");
        }
        if (properties.has("PolicyName") == properties.has("PolicyDocument")) {
            throw refusal(where + " must have one of PolicyName and PolicyDocument");
        }
        for (JsonNode value : properties) {
            expressions.document(value, where);
        }
        JsonNode document = properties.get("PolicyDocument");
        if (document != null && !document.isObject() && !document.isTextual()) {
            throw refusal(where + ".PolicyDocument must be an object or a string");
        }
        return new TemplateResource.Policy(name, optional(properties, "PolicyName", where), document);
    }

    private @Nullable JsonNode optional(JsonNode properties, String name, String where) throws ProvisioningRefusal {
        JsonNode found = properties.get(name);
        if (found != null) {
            expressions.text(found, where + "." + name);
        }
        return found;
    }

    private static OverrideSetting override(
            JsonNode overrides, String name, OverrideSetting absent, Set<OverrideSetting> known)
            throws ProvisioningRefusal {
        String word = overrides.path(name).asText();
        if (!overrides.has(name)) {
            return absent;
        }
        return Arrays.stream(OverrideSetting.values())
                .filter(known::contains)
                .filter(each -> each.name().equals(word))
                .findFirst()
                .orElseThrow(() -> refusal("OverrideSettings." + name + " must be one of " + known));
    }
}
