package dev.roundtrip.device;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.roundtrip.device.method.Call;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.device.method.MethodHandler;
import dev.roundtrip.device.method.RefusedException;
import dev.roundtrip.device.responder.Command;
import dev.roundtrip.device.responder.CommandHandler;
import dev.roundtrip.device.responder.Decision;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.Method;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The methods of a device by name. Immutable; thread-safe when its methods are.
 *
 * @param named those with a name
 * @param other serves every other name; null when there is none
 * @param mapper reads requests and writes responses
 */
record MethodTable(Map<Method, Bound<?>> named, @Nullable Bound<?> other, ObjectMapper mapper)
        implements CommandHandler {

    /** What Jackson tells its own programmer, and no caller needs. */
    private static final String ADVICE_ABOUT_JACKSON = " (set DeserializationConfig.";

    /** A handler, and what it takes.
     *
     * @param type what the request is read as
     */
    record Bound<T>(Class<T> type, MethodHandler<T> handler) {}

    MethodTable {
        named = Map.copyOf(named);
    }

    @Override
    public Decision decide(Command command) {
        Bound<?> bound = named.getOrDefault(command.method(), other);
        return bound == null ? new Decision.Refuse(unknown(command.method())) : decide(bound, command);
    }

    private DeviceRefusal unknown(Method name) {
        String names = named.keySet().stream().map(Method::value).sorted().collect(Collectors.joining(", "));
        return refusal(DeviceRefusal.UNKNOWN_METHOD, "there is no method '" + name + "'; there are " + names);
    }

    private <T> Decision decide(Bound<T> bound, Command command) {
        T request;
        try {
            request = read(bound.type(), command.request());
        } catch (JsonProcessingException unfit) {
            return new Decision.Refuse(refusal(DeviceRefusal.INVALID_REQUEST, reason(unfit)));
        }
        return Decision.run(method(bound.handler(), request));
    }

    private <T> T read(Class<T> type, JsonText text) throws JsonProcessingException {
        JsonNode given = text.tree();
        if (type.isAssignableFrom(JsonNode.class)) {
            return type.cast(given);
        }
        T read = mapper.treeToValue(given.isTextual() && type != String.class ? meant(given) : given, type);
        if (read == null) {
            throw JsonMappingException.from((JsonParser) null, "the request must not be null");
        }
        return read;
    }

    /** A text that holds JSON counts as that JSON, because a GET can send nothing but text. */
    private static JsonNode meant(JsonNode given) {
        try {
            JsonNode inside = Json.read(given.textValue().getBytes(StandardCharsets.UTF_8));
            return inside.isContainerNode() || inside.isNumber() || inside.isBoolean() ? inside : given;
        } catch (MalformedJsonException text) {
            return given;
        }
    }

    private static String reason(JsonProcessingException unfit) {
        if (unfit.getCause() instanceof IllegalArgumentException rule && rule.getMessage() != null) {
            return rule.getMessage();
        }
        String message = String.valueOf(unfit.getOriginalMessage());
        int advice = message.indexOf(ADVICE_ABOUT_JACKSON);
        return path(unfit) + (advice < 0 ? message : message.substring(0, advice));
    }

    /** Where in the request it is, as in {@code pumps[2].rpm: }; empty when that is the request itself. */
    private static String path(JsonProcessingException unfit) {
        StringBuilder path = new StringBuilder();
        if (unfit instanceof JsonMappingException mapping) {
            for (JsonMappingException.Reference reference : mapping.getPath()) {
                if (reference.getFieldName() == null) {
                    path.append('[').append(reference.getIndex()).append(']');
                } else {
                    path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
                }
            }
        }
        return path.isEmpty() ? "" : path.append(": ").toString();
    }

    private <T> DeviceMethod method(MethodHandler<T> handler, T request) {
        return (given, call) -> written(called(handler, request, call));
    }

    private static <T> @Nullable Object called(MethodHandler<T> handler, T request, Call call)
            throws MethodFailedException, RefusedException, InterruptedException {
        try {
            return handler.handle(request, call);
        } catch (MethodFailedException | RefusedException | InterruptedException | RuntimeException told) {
            throw told;
        } catch (Exception defect) {
            throw new MethodFailedException(
                    "internal", "the method broke: " + defect.getClass().getName());
        }
    }

    private JsonText written(@Nullable Object response) throws MethodFailedException, RefusedException {
        return switch (response) {
            case null -> JsonText.of(NullNode.getInstance());
            case JsonText text -> text;
            case JsonNode node -> JsonText.of(node);
            case DeviceError error -> throw new MethodFailedException(error.code(), error.message());
            case DeviceRefusal refusal -> throw new RefusedException(refusal);
            default -> JsonText.of(mapper.valueToTree(response));
        };
    }

    private static DeviceRefusal refusal(String code, String message) {
        DeviceError readable = DeviceError.asFarAsReadable(code, message);
        return new DeviceRefusal(readable.code(), readable.message());
    }
}
