package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A resource that a template declares; its values are expressions. Immutable by convention. */
sealed interface TemplateResource {
    /** The name by which the template calls it. */
    String logicalName();

    /** What becomes of a property of a resource that is there already. */
    enum OverrideSetting {
        DO_NOTHING,
        REPLACE,
        FAIL,
        /** The thing keeps what it has, and gets more. */
        MERGE
    }

    /** A thing.
     *
     * @param type null for none
     * @param attributes by name; null when the template has none
     * @param groups null when the template has none
     */
    record Thing(
            String logicalName,
            JsonNode name,
            @Nullable JsonNode type,
            @Nullable Map<String, JsonNode> attributes,
            @Nullable List<JsonNode> groups,
            Overrides overrides)
            implements TemplateResource {}

    /** What becomes of the properties of a thing that is there. */
    record Overrides(OverrideSetting attributes, OverrideSetting type, OverrideSetting groups) {}

    /** A certificate.
     *
     * @param id null when it is made from a signing request
     * @param request the signing request; null when the id is given
     * @param status null when the template does not say
     * @param attachment null when the template does not say
     */
    record Certificate(
            String logicalName,
            @Nullable JsonNode id,
            @Nullable JsonNode request,
            @Nullable JsonNode status,
            @Nullable JsonNode attachment,
            OverrideSetting statusOverride)
            implements TemplateResource {}

    /** A policy.
     *
     * @param name null when there is a document
     * @param document an object, or a text that is one; null when there is a name
     */
    record Policy(
            String logicalName,
            @Nullable JsonNode name,
            @Nullable JsonNode document) implements TemplateResource {}
}
