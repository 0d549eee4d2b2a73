package dev.roundtrip.local.http.operation;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.local.http.Denial;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.RequestAuthentication.Access;
import dev.roundtrip.local.http.operation.RequestAuthentication.Signer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request for an operation, from somebody known. Used by one thread. */
public final class OperationRequest {
    private static final Pattern LABEL = Pattern.compile("\\{(/?[\\w.-]+)\\}");
    private static final String HEADER = "header.";
    private static final String BODY = "body.";
    private static final String QUERY = "query.";
    private static final String NAME = "Name";
    private static final String OPTIONAL_QUERY = "/query.";

    private static final String EACH = "{each.";
    private static final String GIVEN = "{given.";

    /** How many resources a list may name; the longest list of AWS's has as many. */
    private static final int MAX_EACH = 100;

    /** Reads one value, no member twice, and nothing behind it. */
    private static final ObjectReader STRICT = RestJson.MAPPER
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    private final String id;
    private final SignedRequest request;
    private final QueryValues query;
    private final Signer signer;
    private final Map<String, String> labels = new HashMap<>();
    private @Nullable ObjectNode json;

    /** @param sent what the labels of the path stand for, as sent
     * @throws Refusal when path or query are not percent-encoded
     */
    OperationRequest(String id, SignedRequest request, Map<String, String> sent, Signer signer) throws Refusal {
        this.id = id;
        this.request = request;
        this.query = new QueryValues(request.query());
        this.signer = signer;
        for (Map.Entry<String, String> label : sent.entrySet()) {
            labels.put(label.getKey(), QueryValues.decode(label.getValue().replace("+", "%2B")));
        }
    }

    /** Its id, which the answer's header has. */
    public String id() {
        return id;
    }

    /** What a label of the path stands for, decoded.
     *
     * @throws IllegalArgumentException when the operation's path has no such label
     */
    public String label(String name) {
        String value = labels.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path has no label " + name);
        }
        return value;
    }

    /** The parameters of the query. */
    public QueryValues query() {
        return query;
    }

    /** The first header of a name, in any case; empty when there is none. */
    public Optional<String> header(String name) {
        return request.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(SignedRequest.Header::value)
                .findFirst();
    }

    /** The body, which nobody writes to. */
    public byte[] body() {
        return request.body();
    }

    /** The parameters of the body, a form; those of the query when the body is none.
     *
     * @throws Refusal when they are not percent-encoded, or one is given twice
     */
    public QueryValues form() throws Refusal {
        return form(request);
    }

    static QueryValues form(SignedRequest request) throws Refusal {
        return Protocol.isForm(request)
                ? new QueryValues(new String(request.body(), StandardCharsets.ISO_8859_1))
                : new QueryValues(request.query());
    }

    /** The IAM principal that signed.
     *
     * @throws Refusal when a certificate has signed
     */
    public IamIdentity caller() throws Refusal {
        IamIdentity identity = signer.identity();
        if (identity == null) {
            throw new Refusal(ErrorType.FORBIDDEN, "this operation is for requests that are signed with an access key");
        }
        return identity;
    }

    /** The body as a JSON object; an empty one when there is no body.
     *
     * @throws Refusal when it is something else
     */
    public ObjectNode json() throws Refusal {
        ObjectNode before = json;
        if (before != null) {
            return before;
        }
        ObjectNode read = read(body());
        json = read;
        return read;
    }

    private static ObjectNode read(byte[] body) throws Refusal {
        if (body.length == 0) {
            return RestJson.MAPPER.createObjectNode();
        }
        try {
            if (STRICT.readTree(body) instanceof ObjectNode object) {
                if (!StrictJson.isWellFormed(object)) {
                    throw Refusal.invalid("a string of the body has half a surrogate pair");
                }
                return object;
            }
        } catch (IOException malformed) {
            // Told below: its message may quote the body.
        }
        throw Refusal.invalid("the body must be a JSON object");
    }

    /** Demands that policies allow what an operation needs; those of the table are demanded already. */
    public void demand(Operation.Permission permission) throws Refusal {
        String flag = permission.flag();
        if (flag != null && !query.flag(flag)) {
            return;
        }
        Map<String, String> context = new HashMap<>();
        for (Map.Entry<String, String> key : permission.context().entrySet()) {
            context.put(key.getKey(), query.required(key.getValue()));
        }
        for (String resource : resources(permission.resource())) {
            demand(new Access(permission.action(), resource, context));
        }
    }

    private List<String> resources(String template) throws Refusal {
        if (template.startsWith(EACH)) {
            return texts(json().path(member(template, EACH)), member(template, EACH));
        }
        if (template.startsWith(GIVEN)) {
            JsonNode given = json().path(member(template, GIVEN));
            return given.isMissingNode() || given.isNull()
                    ? List.of()
                    : texts(RestJson.MAPPER.createArrayNode().add(given), member(template, GIVEN));
        }
        return List.of(resource(template));
    }

    private static String member(String template, String kind) {
        return template.substring(kind.length(), template.length() - 1);
    }

    /** @throws Refusal when it is no list, is too long, or has something else than texts */
    private static List<String> texts(JsonNode list, String name) throws Refusal {
        if (!list.isArray() || list.size() > MAX_EACH) {
            throw Refusal.invalid(name + " must be a list of at most " + MAX_EACH + " ARNs");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : list) {
            if (!text.isTextual()) {
                throw Refusal.invalid(name + " must be there, as a string");
            }
            texts.add(text.textValue());
        }
        return texts;
    }

    /** In one pass: what a label stands for may look like a label. */
    private String resource(String template) throws Refusal {
        Matcher found = LABEL.matcher(template);
        StringBuilder resource = new StringBuilder();
        while (found.find()) {
            found.appendReplacement(resource, Matcher.quoteReplacement(named(found.group(1))));
        }
        return found.appendTail(resource).toString();
    }

    private String named(String place) throws Refusal {
        if (place.startsWith(HEADER)) {
            String name = place.substring(HEADER.length());
            return header(name).orElseThrow(() -> Refusal.invalid("the header " + name + " is missing"));
        }
        if (place.startsWith(OPTIONAL_QUERY)) {
            String value = query.text(place.substring(OPTIONAL_QUERY.length()));
            return value == null ? "" : '/' + value;
        }
        if (place.startsWith(BODY)) {
            String name = place.substring(BODY.length());
            JsonNode member = json().path(name);
            if (member.isMissingNode() && name.endsWith(NAME)) {
                JsonNode arn = json().path(name.substring(0, name.length() - NAME.length()) + "Arn");
                if (arn.isTextual()) {
                    return arn.textValue().substring(arn.textValue().lastIndexOf('/') + 1);
                }
            }
            if (!member.isTextual()) {
                throw Refusal.invalid(name + " must be there, as a string");
            }
            return member.textValue();
        }
        if (place.startsWith(QUERY)) {
            return query.required(place.substring(QUERY.length()));
        }
        return label(place);
    }

    private void demand(Access access) throws Refusal {
        if (!signer.may(access)) {
            String statement = signer.refusal(access);
            throw new Refusal(
                    ErrorType.FORBIDDEN,
                    "no policy allows " + access.action() + " on " + access.resource(),
                    new Denial(access.action(), access.resource(), statement));
        }
    }
}
