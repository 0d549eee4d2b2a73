package dev.roundtrip.local.iot.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.PageToken;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.RegistryException;
import dev.roundtrip.local.keys.RsaKeys;
import java.security.KeyPair;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How operations of the registry are answered. */
public final class Answered {
    /** Source: the bounds of {@code pageSize} and {@code maxResults} in the service model. */
    public static final int MAX_PAGE = 250;

    private Answered() {}

    /** Answers, or refuses in the registry's words. */
    @FunctionalInterface
    public interface ByRegistry {
        /** @throws RegistryException when the registry refuses
         * @throws Refusal when the operation is refused
         */
        HttpReply of(OperationRequest request) throws RegistryException, Refusal;
    }

    /** An operation that the registry may refuse. */
    public static Operation by(String name, String route, Permission permission, ByRegistry answer) {
        return Operation.answered(name, route, permission, request -> {
            try {
                return answer.of(request);
            } catch (RegistryException refused) {
                throw refusal(refused);
            }
        });
    }

    private static Refusal refusal(RegistryException refused) {
        ErrorType type = switch (refused.reason()) {
            case INVALID_REQUEST -> ErrorType.INVALID_REQUEST;
            case MALFORMED_POLICY -> ErrorType.MALFORMED_POLICY;
            case CERTIFICATE_VALIDATION -> ErrorType.CERTIFICATE_VALIDATION;
            case RESOURCE_NOT_FOUND -> ErrorType.RESOURCE_NOT_FOUND;
            case CERTIFICATE_STATE -> ErrorType.CERTIFICATE_STATE;
            case RESOURCE_ALREADY_EXISTS -> ErrorType.RESOURCE_ALREADY_EXISTS;
            case DELETE_CONFLICT -> ErrorType.DELETE_CONFLICT;
            case VERSION_CONFLICT -> ErrorType.VERSION_CONFLICT;
            case VERSIONS_LIMIT_EXCEEDED -> ErrorType.VERSIONS_LIMIT_EXCEEDED;
            case LIMIT_EXCEEDED -> ErrorType.LIMIT_EXCEEDED;
        };
        return new Refusal(type, String.valueOf(refused.getMessage()), refused.members());
    }

    /** The page that a request asks for.
     *
     * @param token the query parameter that says where it begins
     * @param size the query parameter that says how many entries it has
     */
    public static Page page(OperationRequest request, String token, String size) throws Refusal {
        return new Page(
                PageToken.name(request.query().text(token)),
                request.query().number(size, PageToken.DEFAULT_SIZE, 1, MAX_PAGE));
    }

    /** Puts an entry into a list. */
    @FunctionalInterface
    public interface Entry<T> {
        /** The entry in JSON. */
        JsonNode of(T entry);
    }

    /** A page.
     *
     * @param list the list's name
     * @param token the name of the token for the next page
     */
    public static <T> HttpReply list(String list, String token, Listed<T> listed, Entry<T> entry) {
        ObjectNode body = object();
        for (T one : listed.entries()) {
            body.withArray(list).add(entry.of(one));
        }
        if (listed.entries().isEmpty()) {
            body.putArray(list);
        }
        if (!listed.next().isEmpty()) {
            body.put(token, PageToken.after(listed.next()));
        }
        return RestJson.ok(body);
    }

    /** Success that says nothing, as AWS's model has it: an empty object. */
    public static HttpReply nothing() {
        return RestJson.ok(object());
    }

    /** An empty JSON object. */
    public static ObjectNode object() {
        return RestJson.MAPPER.createObjectNode();
    }

    /** A new key pair.
     *
     * @throws Refusal when too many wait for one
     */
    public static KeyPair keys(RsaKeys keys) throws Refusal {
        try {
            return keys.make();
        } catch (RsaKeys.BusyException busy) {
            throw new Refusal(ErrorType.THROTTLING_OF_CONTROL_PLANE, String.valueOf(busy.getMessage()));
        }
    }

    /** A moment in the protocol's form: seconds with a fraction. */
    public static double seconds(Instant moment) {
        return moment.toEpochMilli() / 1000.0;
    }

    /** A text of the body; null when it is absent. */
    static @Nullable String text(OperationRequest request, String name) throws Refusal {
        JsonNode node = request.json().path(name);
        return node.isTextual() ? node.textValue() : null;
    }

    static boolean flag(OperationRequest request, String name) throws Refusal {
        return request.json().path(name).asBoolean();
    }
}
