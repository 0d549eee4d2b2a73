package dev.roundtrip.local.apigateway;

import static dev.roundtrip.local.apigateway.LocalApi.bytes;
import static dev.roundtrip.local.apigateway.LocalApi.get;
import static dev.roundtrip.local.apigateway.LocalApi.ok;
import static dev.roundtrip.local.apigateway.LocalApi.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent.RequestIdentity;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.auth.sigv4.SdkSigner.Call;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.local.apigateway.RawClient.Answer;
import dev.roundtrip.local.http.HttpListener;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RestApiTest {
    private final BlockingQueue<APIGatewayProxyRequestEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Context> contexts = new LinkedBlockingQueue<>();
    private APIGatewayProxyResponseEvent answer = ok("{\"result\":\"ok\"}");
    private LocalApi api;

    @BeforeEach
    void start() throws IOException {
        api = LocalApi.start((event, context) -> {
            events.add(event);
            contexts.add(context);
            assertThat(Thread.currentThread().isVirtual()).isTrue();
            return answer;
        });
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void signed_get_is_answered_by_the_function() throws Exception {
        // when
        Answer got = RawClient.call(api, get(api, "?target=a&method=b"));

        // then
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("{\"result\":\"ok\"}");
        assertThat(got.header("X-Invocation-Id")).isEqualTo("8c0f");
        assertThat(got.header("Content-Type")).isEqualTo("application/json");
        assertThat(got.header("x-amzn-RequestId")).isEqualTo(contexts.take().getAwsRequestId());
        assertThat(got.header("x-amz-apigw-id")).hasSize(16).endsWith("=");
        assertThat(got.headers()).doesNotContainKey("x-amzn-ErrorType");
    }

    @Test
    void event_of_a_get_is_that_of_a_rest_api() throws Exception {
        // when
        RawClient.call(
                api,
                get(
                        api,
                        "/?target=mydevice01&request=a%20b%2Bc%26%C3%A4+d&twice=1&twice=2&empty=&bare",
                        new Header("User-Agent", "tests"),
                        new Header("X-Twice", "one"),
                        new Header("X-Twice", "two")));

        // then
        APIGatewayProxyRequestEvent event = events.take();
        assertThat(event.getResource()).isEqualTo("/invoke");
        assertThat(event.getPath()).isEqualTo("/invoke/");
        assertThat(event.getHttpMethod()).isEqualTo("GET");
        assertThat(event.getQueryStringParameters())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("target", "mydevice01", "request", "a b+c&ä d", "twice", "2", "empty", "", "bare", ""));
        assertThat(event.getMultiValueQueryStringParameters())
                .containsEntry("twice", List.of("1", "2"))
                .hasSize(5);
        assertThat(event.getHeaders())
                .containsEntry("X-Twice", "two")
                .containsEntry("User-Agent", "tests")
                .containsEntry("Host", "127.0.0.1:" + api.port())
                .containsEntry("X-Forwarded-For", "127.0.0.1")
                .containsEntry("X-Forwarded-Proto", "http")
                .containsEntry("X-Forwarded-Port", Integer.toString(api.port()))
                .containsKeys("X-Amz-Date", "X-Amzn-Trace-Id")
                .doesNotContainKey("Authorization");
        assertThat(event.getMultiValueHeaders())
                .containsEntry("X-Twice", List.of("one", "two"))
                .hasSameSizeAs(event.getHeaders());
        assertThat(event.getBody()).isNull();
        assertThat(event.getIsBase64Encoded()).isFalse();
        assertThat(event.getPathParameters()).isNull();
        assertThat(event.getStageVariables()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/pump:1/v1.start, pump:1, v1.start",
        "/pump%3A1/v1%2estart/, pump%3A1, v1%2estart",
        "/a%2Fb/%2e%2e, a%2Fb, %2e%2e",
    })
    void path_names_are_handed_on_as_they_were_sent(String path, String target, String method) throws Exception {
        RawClient.call(api, get(api, path + "?request=x"));

        APIGatewayProxyRequestEvent event = events.take();
        assertThat(event.getResource()).isEqualTo("/invoke/{target}/{method}");
        assertThat(event.getPath()).isEqualTo("/invoke" + path);
        assertThat(event.getPathParameters()).isEqualTo(Map.of("target", target, "method", method));
        assertThat(event.getQueryStringParameters()).isEqualTo(Map.of("request", "x"));
        assertThat(event.getRequestContext().getResourcePath()).isEqualTo("/invoke/{target}/{method}");
        assertThat(event.getRequestContext().getPath()).isEqualTo("/Prod/invoke" + path);
    }

    @Test
    void request_context_tells_who_called() throws Exception {
        RawClient.call(api, get(api, "", new Header("User-Agent", "tests")));
        APIGatewayProxyRequestEvent.ProxyRequestContext context = events.take().getRequestContext();

        assertThat(context.getAccountId()).isEqualTo(LocalApi.ACCOUNT);
        assertThat(context.getStage()).isEqualTo("Prod");
        assertThat(context.getPath()).isEqualTo("/Prod/invoke");
        assertThat(context.getResourcePath()).isEqualTo("/invoke");
        assertThat(context.getHttpMethod()).isEqualTo("GET");
        assertThat(context.getProtocol()).isEqualTo("HTTP/1.1");
        assertThat(context.getDomainName()).isEqualTo("127.0.0.1");
        assertThat(context.getRequestTime()).matches("\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000");
        assertThat(context.getRequestTimeEpoch()).isCloseTo(System.currentTimeMillis(), Offset.offset(60_000L));
        assertThat(context.getRequestId())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(List.of(
                        context.getApiId(),
                        context.getResourceId(),
                        context.getExtendedRequestId(),
                        context.getDomainPrefix()))
                .doesNotContain("");
        RequestIdentity identity = context.getIdentity();
        assertThat(identity.getAccessKey()).isEqualTo("AKIDLOCAL");
        assertThat(identity.getAccountId()).isEqualTo(LocalApi.ACCOUNT);
        assertThat(identity.getCaller()).isEqualTo("AIDALOCAL");
        assertThat(identity.getUser()).isEqualTo("AIDALOCAL");
        assertThat(identity.getUserArn()).isEqualTo("arn:aws:iam::123456789012:user/local");
        assertThat(identity.getSourceIp()).isEqualTo("127.0.0.1");
        assertThat(identity.getUserAgent()).isEqualTo("tests");
    }

    @Test
    void request_without_query_has_no_parameters_at_all() throws Exception {
        RawClient.call(api, get(api, ""));
        APIGatewayProxyRequestEvent event = events.take();
        assertThat(event.getPath()).isEqualTo("/invoke");
        assertThat(event.getQueryStringParameters()).isNull();
        assertThat(event.getMultiValueQueryStringParameters()).isNull();
    }

    @Test
    void body_of_a_post_is_text_or_base64() throws Exception {
        byte[] binary = {(byte) 0xff, 0, 1};
        RawClient.call(api, post(api, bytes("{\"request\":\"ä\"}")));
        RawClient.call(api, post(api, binary));
        RawClient.call(api, post(api, new byte[0]));

        APIGatewayProxyRequestEvent text = events.take();
        assertThat(text.getBody()).isEqualTo("{\"request\":\"ä\"}");
        assertThat(text.getIsBase64Encoded()).isFalse();
        assertThat(text.getHttpMethod()).isEqualTo("POST");
        APIGatewayProxyRequestEvent encoded = events.take();
        assertThat(encoded.getBody()).isEqualTo(Base64.getEncoder().encodeToString(binary));
        assertThat(encoded.getIsBase64Encoded()).isTrue();
        assertThat(events.take().getBody()).isNull();
    }

    @Test
    void presigned_url_works_without_any_header() throws Exception {
        Answer got = RawClient.call(
                api,
                LocalApi.signer().presign(Call.get(URI.create(api.endpoint() + "?target=a")), Duration.ofMinutes(5)));

        assertThat(got.status()).isEqualTo(200);
        assertThat(events.take().getQueryStringParameters())
                .containsEntry("target", "a")
                .containsKey("X-Amz-Signature");
    }

    @Test
    void context_is_that_of_the_function() throws Exception {
        RawClient.call(api, get(api, ""));
        Context context = contexts.take();
        assertThat(context.getRemainingTimeInMillis()).isBetween(20_000, 30_000);
        assertThat(context.getFunctionName()).isEqualTo("roundtrip-invoke");
        assertThat(context.getInvokedFunctionArn())
                .isEqualTo("arn:aws:lambda:eu-central-1:123456789012:function:roundtrip-invoke");
        assertThat(context.getLogger()).isNotNull();
        assertThat(context.getMemoryLimitInMB()).isEqualTo(512);
    }

    @Test
    void answer_is_mapped_with_all_its_headers() throws Exception {
        // given
        answer = new APIGatewayProxyResponseEvent()
                .withStatusCode(503)
                .withHeaders(Map.of(
                        "Retry-After",
                        "1",
                        "Set-Cookie",
                        "lost",
                        "Content-Length",
                        "9999",
                        "Transfer-Encoding",
                        "chunked"))
                .withMultiValueHeaders(Map.of("set-cookie", List.of("a=1", "b=2")))
                .withBody(Base64.getEncoder().encodeToString(bytes("bin")))
                .withIsBase64Encoded(true);

        // when
        Answer got = RawClient.call(api, get(api, ""));

        // then
        assertThat(got.status()).isEqualTo(503);
        assertThat(got.body()).isEqualTo("bin");
        assertThat(got.headers())
                .containsEntry("Set-Cookie", List.of("a=1", "b=2"))
                .doesNotContainKey("Transfer-Encoding");
        assertThat(got.header("Retry-After")).isEqualTo("1");
        assertThat(got.header("x-amzn-Remapped-Content-Length")).isEqualTo("9999");
        assertThat(got.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void one_connection_carries_many_calls() throws Exception {
        try (RawClient client = new RawClient(api)) {
            for (int i = 0; i < 200; i++) {
                assertThat(client.send(get(api, "?i=" + i)).read().status()).isEqualTo(200);
                assertThat(events.take().getQueryStringParameters()).containsEntry("i", Integer.toString(i));
            }
        }
    }

    @Test
    void taken_port_is_one_clear_error() {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port());
        assertThatThrownBy(() -> HttpListener.bind(loops, taken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Integer.toString(api.port()));
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void api_listens_on_loopback_alone() {
        assertThat(api.endpoint()).isEqualTo(URI.create("http://127.0.0.1:" + api.port() + "/Prod/invoke"));
    }
}
