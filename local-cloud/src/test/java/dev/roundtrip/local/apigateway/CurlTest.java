package dev.roundtrip.local.apigateway;

import static dev.roundtrip.local.apigateway.LocalApi.KEY;
import static dev.roundtrip.local.apigateway.LocalApi.REGION;
import static dev.roundtrip.local.apigateway.LocalApi.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Debian's curl signs with {@code --aws-sigv4}; it signs path and query as they are typed. */
final class CurlTest {
    private final BlockingQueue<APIGatewayProxyRequestEvent> events = new LinkedBlockingQueue<>();
    private LocalApi api;

    @BeforeEach
    void start() throws IOException {
        api = LocalApi.start((event, context) -> {
            events.add(event);
            return ok("{\"result\":\"ok\"}");
        });
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void get_with_sorted_and_encoded_query_is_accepted() throws Exception {
        String answer = curl(
                KEY.secret(), api.endpoint() + "?method=mymethod01&request=a%20b%2Bc&target=mydevice01&timeout=10");
        assertThat(answer).isEqualTo("{\"result\":\"ok\"} 200");
        assertThat(events.take().getQueryStringParameters()).containsEntry("request", "a b+c");
    }

    @Test
    void trailing_slash_is_accepted() throws Exception {
        assertThat(curl(KEY.secret(), api.endpoint() + "/?target=a")).isEqualTo("{\"result\":\"ok\"} 200");
    }

    @Test
    void post_is_accepted() throws Exception {
        String answer = curl(
                KEY.secret(),
                api.endpoint().toString(),
                "-H",
                "Content-Type: application/json",
                "-d",
                "{\"target\":\"a\"}");
        assertThat(answer).isEqualTo("{\"result\":\"ok\"} 200");
        assertThat(events.take().getBody()).isEqualTo("{\"target\":\"a\"}");
    }

    @Test
    void large_post_that_expects_continue_is_accepted() throws Exception {
        String body = "x".repeat(100_000);
        assertThat(curl(KEY.secret(), api.endpoint().toString(), "-H", "Expect: 100-continue", "-d", body))
                .isEqualTo("{\"result\":\"ok\"} 200");
        assertThat(events.take().getBody()).isEqualTo(body);
    }

    @Test
    void wrong_secret_is_refused() throws Exception {
        assertThat(curl("wrong", api.endpoint() + "?target=a"))
                .startsWith("{\"message\":\"The request signature we calculated does not match")
                .endsWith(" 403");
    }

    private static String curl(String secret, String url, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-s",
                "-m",
                "20",
                "--noproxy",
                "*",
                "-w",
                " %{http_code}",
                "--aws-sigv4",
                "aws:amz:" + REGION + ":execute-api",
                "--user",
                KEY.caller().accessKeyId() + ":" + secret));
        command.addAll(List.of(more));
        command.add(url);
        Process process = startOrAbort(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static Process startOrAbort(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return abort("curl is not installed; nothing was tested with it");
        }
    }
}
