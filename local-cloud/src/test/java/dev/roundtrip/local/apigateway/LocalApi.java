package dev.roundtrip.local.apigateway;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.auth.sigv4.AccessKey;
import dev.roundtrip.auth.sigv4.AccessKeys;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.auth.sigv4.SdkSigner;
import dev.roundtrip.auth.sigv4.SdkSigner.Call;
import dev.roundtrip.auth.sigv4.SigV4Settings;
import dev.roundtrip.auth.sigv4.SigV4Verifier;
import dev.roundtrip.auth.sigv4.SignedRequest;
import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import dev.roundtrip.auth.sigv4.SigningService;
import dev.roundtrip.local.http.BodyBudget;
import dev.roundtrip.local.http.HttpListener;
import dev.roundtrip.local.http.HttpPipeline;
import dev.roundtrip.local.http.HttpServices;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** An API on any free port, and a caller with the right key. */
final class LocalApi implements AutoCloseable {
    static final String REGION = "eu-central-1";
    static final String ACCOUNT = "123456789012";
    static final IamIdentity CALLER =
            new IamIdentity("AKIDLOCAL", ACCOUNT, "AIDALOCAL", "arn:aws:iam::123456789012:user/local");
    static final AccessKey KEY = AccessKey.of(CALLER, "local/secret+key");
    static final ApiLimits QUICK = new ApiLimits(
            Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofMillis(500));

    private final EventLoopGroup loops;
    private final HttpListener listener;

    private LocalApi(Function<Integer, HttpPipeline> pipeline) throws IOException {
        loops = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("local-api", true), NioIoHandler.newFactory());
        listener = HttpListener.bind(loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.serve(pipeline.apply(port()));
    }

    static LocalApi start(RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> handler)
            throws IOException {
        return start(ApiLimits.AWS, FunctionSettings.DEFAULT, handler);
    }

    static LocalApi start(
            ApiLimits limits,
            FunctionSettings function,
            RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> handler)
            throws IOException {
        return start(limits, function, ApiAuthorizer.ALLOW_ALL, handler);
    }

    static LocalApi start(
            ApiLimits limits,
            FunctionSettings function,
            ApiAuthorizer authorizer,
            RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> handler)
            throws IOException {
        ApiSettings settings = new ApiSettings(REGION, ACCOUNT, function, limits);
        return new LocalApi(port ->
                pipeline(new RestApi(settings, port, verifier(), authorizer, handler), limits, new BodyBudget()));
    }

    /** One that takes no byte of a body. */
    static LocalApi withoutRoom(
            ApiLimits limits, RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> handler)
            throws IOException {
        ApiSettings settings = new ApiSettings(REGION, ACCOUNT, FunctionSettings.DEFAULT, limits);
        return new LocalApi(port -> pipeline(
                new RestApi(settings, port, verifier(), ApiAuthorizer.ALLOW_ALL, handler),
                limits,
                new BodyBudget(0, 0)));
    }

    private static HttpPipeline pipeline(RestApi api, ApiLimits limits, BodyBudget bodies) {
        return new HttpPipeline(new HttpServices(api), limits.connections(), bodies);
    }

    static SigV4Verifier verifier() {
        return new SigV4Verifier(
                SigV4Settings.of(REGION, SigningService.EXECUTE_API), AccessKeys.only(KEY), InstantSource.system());
    }

    int port() {
        return listener.address().getPort();
    }

    URI endpoint() {
        return RestApi.endpoint(listener.address());
    }

    void drain() {
        listener.drain();
    }

    @Override
    public void close() {
        listener.close();
        loops.shutdownGracefully(0, 200, TimeUnit.MILLISECONDS).awaitUninterruptibly(300);
    }

    static SdkSigner signer() {
        return new SdkSigner(KEY, REGION, "execute-api", Instant.now());
    }

    static SignedRequest get(LocalApi api, String query, Header... headers) {
        return signer().sign(new Call("GET", URI.create(api.endpoint() + query), List.of(headers), new byte[0]));
    }

    static SignedRequest post(LocalApi api, byte[] body) {
        return signer().sign(Call.post(api.endpoint(), body));
    }

    static APIGatewayProxyResponseEvent ok(String body) {
        return new APIGatewayProxyResponseEvent()
                .withStatusCode(200)
                .withHeaders(Map.of("Content-Type", "application/json", "X-Invocation-Id", "8c0f"))
                .withBody(body);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
