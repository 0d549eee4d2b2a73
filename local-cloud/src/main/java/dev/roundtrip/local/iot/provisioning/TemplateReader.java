package dev.roundtrip.local.iot.provisioning;

import static dev.roundtrip.local.iot.provisioning.Expressions.refusal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.roundtrip.local.iot.document.DocumentFormat;
import dev.roundtrip.local.iot.provisioning.TemplateResource.OverrideSetting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the body of a template and checks all of it that can be checked without parameters. Used by one thread.
 *
 * <p>Source: AWS IoT developer guide, "Provisioning templates".
 */
final class TemplateReader {
    private static final String MAPPINGS = "Mappings";
    private static final Set<String> SECTIONS = Set.of("Parameters", "Resources", MAPPINGS, "DeviceConfiguration");
    private static final EnumSet<OverrideSetting> WITHOUT_MERGE =
            EnumSet.of(OverrideSetting.DO_NOTHING, OverrideSetting.REPLACE, OverrideSetting.FAIL);

    private final JsonNode root;
    private final Map<String, Optional<String>> parameters;
    private final Expressions expressions;

    private TemplateReader(JsonNode root) throws ProvisioningRefusal {
        this.root = root;
        this.parameters = parameters(root.path("Parameters"));
        this.expressions = new Expressions(parameters.keySet(), mappings(root.path(MAPPINGS)));
    }

    /** Which resources a template may declare.
     *
     * <p>For fleets and just-in-time provisioning the certificate is there already.
     */
    enum Use {
        FLEET,
        REGISTER_THING
    }

    /** Reads a body.
     *
     * @throws ProvisioningRefusal when it is wrong, or asks for what the local cloud does not have; the message says
     *     where
     */
    static TemplateBody read(String text, Use use) throws ProvisioningRefusal {
        JsonNode root;
        try {
            root = DocumentFormat.JSON.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException malformed) {
            throw refusal("the template is no JSON, is deep, or has a member twice");
        }
        if (!root.isObject()) {
            throw refusal("the template must be a JSON object");
        }
        only(root, SECTIONS, "the template");
        TemplateReader reader = new TemplateReader(root);
        return reader.body(use);
    }

    private static void only(JsonNode node, Set<String> known, String where) throws ProvisioningRefusal {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!known.contains(member.getKey())) {
                throw refusal(where + " has " + member.getKey() + ", which is none of "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private static JsonNode object(JsonNode node, String where) throws ProvisioningRefusal {
        if (node.isMissingNode()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (!node.isObject()) {
            throw refusal(where + " must be an object");
        }
        return node;
    }

    private static Map<String, Optional<String>> parameters(JsonNode section) throws ProvisioningRefusal {
        Map<String, Optional<String>> parameters = new TreeMap<>();
        for (Map.Entry<String, JsonNode> parameter :
                object(section, "Parameters").properties()) {
            String where = "Parameters." + parameter.getKey();
            JsonNode declared = parameter.getValue();
            only(object(declared, where), Set.of("Type", "Default"), where);
            JsonNode value = declared.path("Default");
            if (!declared.path("Type").asText().equals("String") || !(value.isMissingNode() || value.isTextual())) {
                throw refusal(where + " must have the Type String, and a string for Default, if any");
            }
            parameters.put(parameter.getKey(), Optional.ofNullable(value.textValue()));
        }
        return parameters;
    }

    private static JsonNode mappings(JsonNode section) throws ProvisioningRefusal {
        JsonNode mappings = object(section, MAPPINGS);
        for (JsonNode map : mappings) {
            for (JsonNode values : object(map, "a map of Mappings")) {
                for (JsonNode value : object(values, "an entry of Mappings")) {
                    if (value.isObject() || value.isNull()) {
                        throw refusal("a value of Mappings must be a string or a list of strings");
                    }
                }
            }
        }
        return mappings;
    }

    private TemplateBody body(Use use) throws ProvisioningRefusal {
        TemplateResource.Thing thing = null;
        TemplateResource.Certificate certificate = null;
        List<TemplateResource.Policy> policies = new ArrayList<>();
        JsonNode section = root.path("Resources");
        if (!section.isObject() || section.isEmpty()) {
            throw refusal("Resources must be an object with a member");
        }
        for (Map.Entry<String, JsonNode> resource : section.properties()) {
            switch (resource(resource.getKey(), resource.getValue(), use)) {
                case TemplateResource.Thing found -> thing = once(thing, found);
                case TemplateResource.Certificate found -> certificate = once(certificate, found);
                case TemplateResource.Policy found -> policies.add(found);
            }
        }
        if (certificate == null && (use == Use.FLEET || !policies.isEmpty())) {
            throw refusal("Resources must declare an AWS::IoT::Certificate");
        }
        return new TemplateBody(parameters, expressions.mappings(), thing, certificate, policies, configuration());
    }

    private static <T extends TemplateResource> T once(@Nullable T before, T found) throws ProvisioningRefusal {
        if (before != null) {
            throw refusal("Resources declares both " + before.logicalName() + " and " + found.logicalName()
                    + ", of the same type");
        }
        return found;
    }

    private TemplateResource resource(String name, JsonNode declared, Use use) throws ProvisioningRefusal {
        String where = "Resources." + name;
        only(object(declared, where), Set.of("Type", "Properties", "OverrideSettings"), where);
        JsonNode properties = declared.path("Properties");
        if (!properties.isObject()) {
            throw refusal(where + ".Properties must be an object");
        }
        JsonNode overrides = object(declared.path("OverrideSettings"), where + ".OverrideSettings");
        return switch (declared.path("Type").asText()) {
            case "AWS::IoT::Thing" -> thing(name, properties, overrides);
            case "AWS::IoT::Certificate" -> certificate(name, properties, overrides, use);
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

    private TemplateResource.Certificate certificate(String name, JsonNode properties, JsonNode overrides, Use use)
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

    private Map<String, JsonNode> configuration() throws ProvisioningRefusal {
        Map<String, JsonNode> configuration = new TreeMap<>();
        JsonNode section = object(root.path("DeviceConfiguration"), "DeviceConfiguration");
        for (Map.Entry<String, JsonNode> entry : section.properties()) {
            expressions.text(entry.getValue(), "DeviceConfiguration." + entry.getKey());
            configuration.put(entry.getKey(), entry.getValue());
        }
        return configuration;
    }
}
