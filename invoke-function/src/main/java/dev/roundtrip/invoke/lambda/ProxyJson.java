package dev.roundtrip.invoke.lambda;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent.ProxyRequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent.RequestIdentity;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.roundtrip.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API Gateway's events from their JSON and back, as far as the function looks at them. */
final class ProxyJson {
    private ProxyJson() {}

    /** Reads an event; what {@link ProxyEvents} does not ask for is passed over.
     *
     * @throws IOException when it is no JSON object, or one of its fields has a type that API Gateway does not give it
     */
    static APIGatewayProxyRequestEvent read(InputStream json) throws IOException {
        APIGatewayProxyRequestEvent event = new APIGatewayProxyRequestEvent();
        try (JsonParser parser = Json.parser(json)) {
            expect(JsonToken.START_OBJECT, parser.nextToken(), parser);
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                switch (name) {
                    case "httpMethod" -> event.setHttpMethod(text(parser));
                    case "path" -> event.setPath(text(parser));
                    case "pathParameters" -> event.setPathParameters(map(parser, ProxyJson::text));
                    case "queryStringParameters" -> event.setQueryStringParameters(map(parser, ProxyJson::text));
                    case "multiValueQueryStringParameters" ->
                        event.setMultiValueQueryStringParameters(map(parser, ProxyJson::texts));
                    case "headers" -> event.setHeaders(map(parser, ProxyJson::text));
                    case "multiValueHeaders" -> event.setMultiValueHeaders(map(parser, ProxyJson::texts));
                    case "body" -> event.setBody(text(parser));
                    case "isBase64Encoded" ->
                        event.setIsBase64Encoded(isNull(parser) ? null : parser.getBooleanValue());
                    case "requestContext" -> event.setRequestContext(context(parser));
                    default -> parser.skipChildren();
                }
            }
            expect(JsonToken.END_OBJECT, parser.currentToken(), parser);
        }
        return event;
    }

    private static @Nullable ProxyRequestContext context(JsonParser parser) throws IOException {
        if (isNull(parser)) {
            return null;
        }
        expect(JsonToken.START_OBJECT, parser.currentToken(), parser);
        ProxyRequestContext context = new ProxyRequestContext();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "requestId" -> context.setRequestId(text(parser));
                case "path" -> context.setPath(text(parser));
                case "identity" -> context.setIdentity(identity(parser));
                default -> parser.skipChildren();
            }
        }
        return context;
    }

    private static @Nullable RequestIdentity identity(JsonParser parser) throws IOException {
        if (isNull(parser)) {
            return null;
        }
        expect(JsonToken.START_OBJECT, parser.currentToken(), parser);
        RequestIdentity identity = new RequestIdentity();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            switch (name) {
                case "accountId" -> identity.setAccountId(text(parser));
                case "caller" -> identity.setCaller(text(parser));
                case "cognitoIdentityId" -> identity.setCognitoIdentityId(text(parser));
                default -> parser.skipChildren();
            }
        }
        return identity;
    }

    private interface Value<T> {
        @Nullable T read(JsonParser parser) throws IOException;
    }

    private static <T> @Nullable Map<String, @Nullable T> map(JsonParser parser, Value<T> value) throws IOException {
        if (isNull(parser)) {
            return null;
        }
        expect(JsonToken.START_OBJECT, parser.currentToken(), parser);
        Map<String, @Nullable T> map = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            map.put(name, value.read(parser));
        }
        return map;
    }

    private static @Nullable List<@Nullable String> texts(JsonParser parser) throws IOException {
        if (isNull(parser)) {
            return null;
        }
        expect(JsonToken.START_ARRAY, parser.currentToken(), parser);
        List<@Nullable String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            texts.add(text(parser));
        }
        return texts;
    }

    private static @Nullable String text(JsonParser parser) throws IOException {
        if (isNull(parser)) {
            return null;
        }
        expect(JsonToken.VALUE_STRING, parser.currentToken(), parser);
        return parser.getText();
    }

    private static boolean isNull(JsonParser parser) {
        return parser.hasToken(JsonToken.VALUE_NULL);
    }

    private static void expect(JsonToken wanted, @Nullable JsonToken found, JsonParser parser) throws IOException {
        if (found != wanted) {
            throw new JsonParseException(
                    parser, "the event is none of API Gateway's: wanted " + wanted + ", found " + found);
        }
    }

    /** Writes an answer, and leaves the stream open. */
    static void write(APIGatewayProxyResponseEvent response, OutputStream json) throws IOException {
        try (JsonGenerator generator = Json.generator(json)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            generator.writeStartObject();
            generator.writeNumberField("statusCode", response.getStatusCode());
            generator.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> header : response.getHeaders().entrySet()) {
                generator.writeStringField(header.getKey(), header.getValue());
            }
            generator.writeEndObject();
            generator.writeStringField("body", response.getBody());
            generator.writeBooleanField("isBase64Encoded", response.getIsBase64Encoded());
            generator.writeEndObject();
        }
    }
}
