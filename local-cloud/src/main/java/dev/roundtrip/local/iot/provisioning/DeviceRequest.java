package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.iot.document.DocumentFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads what devices send. Members that nobody asks for are passed over. */
final class DeviceRequest {
    /** Source: {@code CertificateSigningRequest} of service model {@code iot-2015-05-28} has no greatest length; our
     * choice is that of the operation over HTTP.
     */
    private static final int MAX_SIGNING_REQUEST = 4_096;

    /** Our choice. */
    private static final int MAX_TOKEN = 2_048;

    /** Source: API reference of AWS IoT, RegisterThing. */
    private static final int MAX_NAME = 2_048;

    private static final int MAX_VALUE = 4_096;

    private DeviceRequest() {}

    /** Reads the one object of a payload.
     *
     * @throws ProvisioningRefusal when it is something else
     */
    static JsonNode document(DocumentFormat format, byte[] payload) throws ProvisioningRefusal {
        try {
            JsonNode root = format.read(payload);
            if (root.isObject()) {
                return root;
            }
        } catch (IOException malformed) {
            // Told below: its message may quote the payload.
        }
        throw new ProvisioningRefusal(
                ProvisioningError.INVALID_PAYLOAD,
                "The payload must be an object in " + format.name() + " that is not deep.");
    }

    /** CreateKeysAndCertificate asks for nothing: the payload is empty, or an object. */
    static void empty(DocumentFormat format, byte[] payload) throws ProvisioningRefusal {
        if (payload.length > 0) {
            var unused = document(format, payload);
        }
    }

    static String signingRequest(JsonNode document) throws ProvisioningRefusal {
        JsonNode given = document.path("certificateSigningRequest");
        if (!given.isTextual() || given.textValue().length() > MAX_SIGNING_REQUEST) {
            throw new ProvisioningRefusal(
                    ProvisioningError.INVALID_CERTIFICATE_SIGNING_REQUEST,
                    "certificateSigningRequest must be a string of at most " + MAX_SIGNING_REQUEST + " characters.");
        }
        return given.textValue();
    }

    static FleetRegistrations.Request registration(String template, JsonNode document) throws ProvisioningRefusal {
        JsonNode token = document.path("certificateOwnershipToken");
        if (!token.isMissingNode()
                && !token.isNull()
                && !(token.isTextual() && token.textValue().length() <= MAX_TOKEN)) {
            throw new ProvisioningRefusal(
                    ProvisioningError.INVALID_TOKEN, "The certificate ownership token is not one that was given.");
        }
        return new FleetRegistrations.Request(
                template, token.isTextual() ? token.textValue() : "", parameters(document.path("parameters")));
    }

    /** Reads an object of strings, which may be absent. */
    static Map<String, String> parameters(JsonNode given) throws ProvisioningRefusal {
        Map<String, String> parameters = new HashMap<>();
        if (given.isMissingNode() || given.isNull()) {
            return parameters;
        }
        if (!given.isObject() || given.size() > OpenFacts.MAX_PARAMETERS) {
            throw Expressions.refusal(
                    "parameters must be an object of at most " + OpenFacts.MAX_PARAMETERS + " members");
        }
        for (Map.Entry<String, JsonNode> parameter : given.properties()) {
            JsonNode value = parameter.getValue();
            if (!value.isTextual()
                    || value.textValue().length() > MAX_VALUE
                    || parameter.getKey().length() > MAX_NAME) {
                throw Expressions.refusal("a parameter has a name of at most " + MAX_NAME
                        + " characters, and a string of at most " + MAX_VALUE + " characters");
            }
            parameters.put(parameter.getKey(), value.textValue());
        }
        return parameters;
    }
}
