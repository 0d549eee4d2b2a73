package dev.roundtrip.local.iot.provisioning;

import static dev.roundtrip.local.iot.provisioning.Expressions.refusal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.roundtrip.local.iot.document.DocumentFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
     * <p>For fleets the certificate is there already.
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

    static void only(JsonNode node, Set<String> known, String where) throws ProvisioningRefusal {
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!known.contains(member.getKey())) {
                throw refusal(where + " has " + member.getKey() + ", which is none of "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    static JsonNode object(JsonNode node, String where) throws ProvisioningRefusal {
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
                    if (value.isArray()) {
                        for (JsonNode each : value) {
                            demandConstant(each);
                        }
                    } else {
                        demandConstant(value);
                    }
                }
            }
        }
        return mappings;
    }

    /** A function here could call itself. */
    private static void demandConstant(JsonNode value) throws ProvisioningRefusal {
        if (value.isContainerNode() || value.isNull()) {
            throw refusal("a value of Mappings must be a string or a list of strings");
        }
    }

    private TemplateBody body(Use use) throws ProvisioningRefusal {
        TemplateResource.Thing thing = null;
        TemplateResource.Certificate certificate = null;
        List<TemplateResource.Policy> policies = new ArrayList<>();
        JsonNode section = root.path("Resources");
        if (!section.isObject() || section.isEmpty()) {
            throw refusal("Resources must be an object with a member");
        }
        ResourceReader reader = new ResourceReader(expressions, use);
        for (Map.Entry<String, JsonNode> resource : section.properties()) {
            switch (reader.read(resource.getKey(), resource.getValue())) {
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
