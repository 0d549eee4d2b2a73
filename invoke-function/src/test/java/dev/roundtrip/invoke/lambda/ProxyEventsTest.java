package dev.roundtrip.invoke.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent.ProxyRequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent.RequestIdentity;
import dev.roundtrip.invoke.HttpRequest;
import dev.roundtrip.invoke.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API says of a caller and its key. */
class ProxyEventsTest {
    private static final String ACCOUNT = "123456789012";
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static APIGatewayProxyRequestEvent event(@Nullable RequestIdentity identity, String path) {
        ProxyRequestContext context = new ProxyRequestContext();
        context.setIdentity(identity);
        context.setPath(path);
        APIGatewayProxyRequestEvent event = new APIGatewayProxyRequestEvent();
        event.setHttpMethod("GET");
        event.setPath("/invoke");
        event.setRequestContext(context);
        return event;
    }

    private static HttpRequest.Context read(APIGatewayProxyRequestEvent event) {
        return ProxyEvents.request(event).context();
    }

    private static RequestIdentity identity(@Nullable String caller, @Nullable String cognito) {
        RequestIdentity identity = new RequestIdentity();
        identity.setAccountId(ACCOUNT);
        identity.setCaller(caller);
        identity.setCognitoIdentityId(cognito);
        return identity;
    }

    @ParameterizedTest
    @CsvSource({
        "AIDAUSER,                  , AIDAUSER",
        "AROAROLE:session-1,        , AROAROLE",
        "AROAROLE:session-2,        , AROAROLE",
        "123456789012:alice,        , 123456789012:alice",
        "123456789012,              , 123456789012",
        "AROAROLE:CognitoIdentityCredentials, eu-central-1:1-2-3, eu-central-1:1-2-3",
    })
    void key_belongs_to_the_cognito_identity_else_to_the_user_or_role(
            String caller, @Nullable String cognito, String principal) {
        assertThat(read(event(identity(caller, cognito), "/Prod/invoke")).principal())
                .isEqualTo(new Principal(ACCOUNT, principal));
    }

    @Test
    void caller_that_the_api_does_not_name_is_nobody() {
        assertThat(read(event(null, "/Prod/invoke")).principal()).isNull();
        assertThat(read(event(identity(null, null), "/Prod/invoke")).principal())
                .isNull();
        assertThat(read(event(identity("", ""), "/Prod/invoke")).principal()).isNull();
        assertThat(read(event(identity(":session", null), "/Prod/invoke")).principal())
                .isNull();
    }

    @Test
    void key_is_read_in_any_spelling_and_from_either_form_of_the_headers() {
        APIGatewayProxyRequestEvent several = event(identity("AIDAUSER", null), "/Prod/invoke");
        several.setMultiValueHeaders(Map.of("idempotency-KEY", List.of("a", "b")));
        several.setHeaders(Map.of("idempotency-KEY", "b"));
        APIGatewayProxyRequestEvent single = event(identity("AIDAUSER", null), "/Prod/invoke");
        single.setHeaders(Map.of("Idempotency-Key", "a"));

        assertThat(read(several).keys()).containsExactly("a", "b");
        assertThat(read(single).keys()).containsExactly("a");
    }

    @Test
    void trace_is_read_in_any_spelling_and_from_either_form_of_the_headers() {
        APIGatewayProxyRequestEvent multiple = event(null, "/Prod/invoke");
        multiple.setMultiValueHeaders(Map.of("TraceParent", List.of(TRACE)));
        APIGatewayProxyRequestEvent single = event(null, "/Prod/invoke");
        single.setHeaders(Map.of("traceparent", TRACE));

        assertThat(read(multiple).trace()).hasToString(TRACE);
        assertThat(read(single).trace()).hasToString(TRACE);
    }

    @Test
    void trace_that_is_malformed_or_comes_twice_is_passed_over() {
        APIGatewayProxyRequestEvent twice = event(null, "/Prod/invoke");
        twice.setMultiValueHeaders(Map.of("traceparent", List.of(TRACE, TRACE)));
        APIGatewayProxyRequestEvent malformed = event(null, "/Prod/invoke");
        malformed.setHeaders(Map.of("traceparent", TRACE.toUpperCase(Locale.ROOT)));

        assertThat(read(twice).trace()).isNull();
        assertThat(read(malformed).trace()).isNull();
        assertThat(read(event(null, "/Prod/invoke")).trace()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"/Prod/invoke, /Prod/invoke", "/Prod/invoke/, /Prod/invoke", "/Prod/in%76oke, /invoke"})
    void resource_is_the_path_as_clients_write_it(String path, String resource) {
        assertThat(read(event(null, path)).resource()).isEqualTo(resource);
    }
}
