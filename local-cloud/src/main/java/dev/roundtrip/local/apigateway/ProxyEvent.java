package dev.roundtrip.local.apigateway;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent.ProxyRequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent.RequestIdentity;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.http.RequestTarget;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Builds the event of a Lambda proxy integration, format 1.0, as a REST API does. */
final class ProxyEvent {
    private static final DateTimeFormatter REQUEST_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Headers that do not reach the function. {@code Authorization} is among them when it holds a signature; source:
     * API Gateway, important notes.
     */
    private static final Set<String> TRIMMED = Set.of(
            "authorization",
            "connection",
            "content-length",
            "expect",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final ApiSettings settings;
    private final int port;

    ProxyEvent(ApiSettings settings, int port) {
        this.settings = settings;
        this.port = port;
    }

    APIGatewayProxyRequestEvent build(IncomingRequest incoming, ApiRoute.Match match, IamIdentity caller) {
        SignedRequest request = incoming.request();
        Map<String, List<String>> headers = headers(request.headers(), incoming.sourceIp(), incoming.ids());
        Map<String, String> lastHeaders = lastValues(headers);
        Map<String, List<String>> parameters = RequestTarget.parameters(request.query());
        APIGatewayProxyRequestEvent event = new APIGatewayProxyRequestEvent();
        event.setResource(match.route().resource());
        event.setPath(ApiRoute.withoutStage(request.path()));
        event.setHttpMethod(request.method());
        event.setHeaders(lastHeaders);
        event.setMultiValueHeaders(headers);
        if (!parameters.isEmpty()) {
            event.setQueryStringParameters(lastValues(parameters));
            event.setMultiValueQueryStringParameters(parameters);
        }
        if (!match.parameters().isEmpty()) {
            event.setPathParameters(match.parameters());
        }
        event.setRequestContext(context(incoming, match.route(), value(lastHeaders, "host")));
        event.getRequestContext().setIdentity(identity(caller, incoming.sourceIp(), value(lastHeaders, "user-agent")));
        setBody(event, request.body());
        return event;
    }

    private Map<String, List<String>> headers(List<Header> sent, String sourceIp, RequestIds ids) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Header header : sent) {
            if (!TRIMMED.contains(header.name().toLowerCase(Locale.ROOT))) {
                headers.computeIfAbsent(firstSpelling(headers, header.name()), absent -> new ArrayList<>(1))
                        .add(header.value());
            }
        }
        headers.put("X-Amzn-Trace-Id", List.of(ids.traceId()));
        headers.merge(
                "X-Forwarded-For",
                List.of(sourceIp),
                (before, own) -> List.of(String.join(", ", before) + ", " + sourceIp));
        headers.put("X-Forwarded-Port", List.of(Integer.toString(port)));
        headers.put("X-Forwarded-Proto", List.of("http"));
        return headers;
    }

    /** A name that comes in two spellings is one header. */
    private static String firstSpelling(Map<String, ?> headers, String name) {
        if (!headers.containsKey(name)) {
            for (String known : headers.keySet()) {
                if (known.equalsIgnoreCase(name)) {
                    return known;
                }
            }
        }
        return name;
    }

    private static Map<String, String> lastValues(Map<String, List<String>> values) {
        Map<String, String> last = new LinkedHashMap<>(values.size() * 2);
        values.forEach((name, all) -> last.put(name, all.getLast()));
        return last;
    }

    private ProxyRequestContext context(IncomingRequest incoming, ApiRoute route, String host) {
        SignedRequest request = incoming.request();
        RequestIds ids = incoming.ids();
        ProxyRequestContext context = new ProxyRequestContext();
        context.setAccountId(settings.accountId());
        context.setApiId(ApiSettings.API_ID);
        context.setStage(ApiSettings.STAGE);
        context.setResourceId(route.resourceId());
        context.setResourcePath(route.resource());
        context.setPath(request.path());
        context.setHttpMethod(request.method());
        context.setProtocol("HTTP/1.1");
        context.setRequestId(ids.requestId());
        context.setExtendedRequestId(ids.extendedRequestId());
        context.setRequestTime(REQUEST_TIME.format(ids.time()));
        context.setRequestTimeEpoch(ids.time().toEpochMilli());
        String domainName = withoutPort(host);
        context.setDomainName(domainName);
        context.setDomainPrefix(domainName.substring(0, firstDot(domainName)));
        return context;
    }

    private static RequestIdentity identity(IamIdentity caller, String sourceIp, String userAgent) {
        RequestIdentity identity = new RequestIdentity();
        identity.setAccessKey(caller.accessKeyId());
        identity.setAccountId(caller.accountId());
        identity.setCaller(caller.userId());
        identity.setUser(caller.userId());
        identity.setUserArn(caller.arn());
        identity.setSourceIp(sourceIp);
        identity.setUserAgent(userAgent);
        return identity;
    }

    /** Text goes as it is; what is not UTF-8 goes in base64, as with a binary media type. */
    private static void setBody(APIGatewayProxyRequestEvent event, byte[] body) {
        event.setIsBase64Encoded(false);
        if (body.length > 0) {
            try {
                event.setBody(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(body))
                        .toString());
            } catch (CharacterCodingException e) {
                event.setBody(Base64.getEncoder().encodeToString(body));
                event.setIsBase64Encoded(true);
            }
        }
    }

    private static String value(Map<String, String> headers, String name) {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return "";
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static int firstDot(String domainName) {
        int dot = domainName.indexOf('.');
        return dot < 0 ? domainName.length() : dot;
    }
}
