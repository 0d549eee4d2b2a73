package dev.roundtrip.invoke.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.invoke.mqtt.BrokerAddress;
import dev.roundtrip.invoke.mqtt.Listening;
import dev.roundtrip.invoke.mqtt.RequestRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final Path DOCUMENT = Path.of("../docs/settings.md");

    private static final String AUTHORITY = """
            -----BEGIN CERTIFICATE-----
            MIIBgDCCASWgAwIBAgIUI5F90E19yaQcvi51DCp04Vt1EukwCgYIKoZIzj0EAwIw
            FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyMTEzMTg0NVoYDzIxMjYxMDI4
            MTMxODQ1WjAUMRIwEAYDVQQDDAlhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjO
            PQMBBwNCAATVYofFgkycjauI7JeK6tXtOMHTGhbKQnkwKIiv04OvXPUf71xEjnyB
            MGiZEzZ5amuYECuaPfrS7t8olje9pJoxo1MwUTAdBgNVHQ4EFgQU0gbMf/9X9Ej2
            To6NWNM+zNaVPF0wHwYDVR0jBBgwFoAU0gbMf/9X9Ej2To6NWNM+zNaVPF0wDwYD
            VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAmmTIDKYn1KjV+TzVFyea
            J4sq9GCuLovPbjYi1XebmUACIQCRMp3ep9pedAM5OOpW+GlxpyWzx7x9cJr1lP7j
            o2V03Q==
            -----END CERTIFICATE-----
            """;

    private static final Map<String, String> LEAST =
            Map.of("WSS_ENDPOINT", "broker.example", "CLIENT_ID_PREFIX", "gw", "AWS_REGION", "eu-west-1");

    private static Settings with(String name, String value) {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put(name, value);
        return Settings.from(environment);
    }

    @Test
    void defaults_stand_for_what_is_not_set() {
        Settings settings = Settings.from(LEAST);

        assertThat(settings.broker()).isEqualTo(new BrokerAddress("broker.example", 443, "eu-west-1", null));
        assertThat(settings.prefix().value()).isEqualTo("gw");
        assertThat(settings.limits().byDefault()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.limits().max()).isEqualTo(Duration.ofSeconds(28));
        assertThat(settings.listening()).isEqualTo(Listening.SHARED);
        assertThat(settings.maxCallsInFlight()).isEqualTo(20_000);
        assertThat(settings.maxDirectMessages()).isEqualTo(300);
        assertThat(settings.rate()).isEqualTo(new RequestRate.PerSecond(50));
        assertThat(settings.delivery()).isEqualTo(DeliveryMode.PUBLISH);
    }

    @Test
    void every_variable_that_is_read_is_named_and_documented() throws Exception {
        Set<String> read = new TreeSet<>();
        Map<String, String> environment = new HashMap<>(LEAST) {
            private static final long serialVersionUID = 1L;

            @Override
            public @Nullable String get(Object name) {
                read.add((String) name);
                return super.get(name);
            }
        };

        Settings.from(environment);

        read.remove("AWS_LAMBDA_INITIALIZATION_TYPE");
        assertThat(Settings.NAMES).containsExactlyInAnyOrderElementsOf(read);
        assertThat(namesInDocument()).isEqualTo(Settings.NAMES);
    }

    private static List<String> namesInDocument() throws IOException {
        String section = Files.readString(DOCUMENT)
                .replaceFirst("(?s).*\n## Environment variables of the function\n", "")
                .replaceFirst("(?s)\n## .*", "");
        return Pattern.compile("(?m)^\\| `([A-Z_]+)` \\|")
                .matcher(section)
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    @Test
    void document_has_the_defaults() throws Exception {
        Settings shared = Settings.from(LEAST);
        Settings perCall = with("ACK_SUBSCRIPTION", "per-call");
        Settings direct = with("DELIVERY", "direct");

        assertThat(Files.readString(DOCUMENT))
                .contains(
                        row(
                                "DEFAULT_TIMEOUT_SECONDS",
                                shared.limits().byDefault().toSeconds()),
                        row("MAX_TIMEOUT_SECONDS", shared.limits().max().toSeconds()),
                        row(
                                "MAX_CALLS_IN_FLIGHT",
                                shared.maxCallsInFlight() + "; " + perCall.maxCallsInFlight() + " with `per-call`"),
                        row("MAX_DIRECT_MESSAGES", shared.maxDirectMessages()),
                        row(
                                "MAX_REQUESTS_PER_SECOND",
                                perSecond(shared.rate()) + "; " + perSecond(direct.rate()) + " with `direct`"),
                        row("DELIVERY", "`publish`"));
        assertThat(shared.delivery()).isEqualTo(DeliveryMode.PUBLISH);
    }

    private static String row(String name, Object byDefault) {
        return "\n| `" + name + "` | " + byDefault + " | ";
    }

    private static int perSecond(RequestRate rate) {
        return switch (rate) {
            case RequestRate.PerSecond limited -> limited.requests();
            case RequestRate.Unlimited unlimited -> throw new AssertionError("no number");
        };
    }

    @Test
    void calls_in_flight_follow_what_a_connection_may_subscribe() {
        assertThat(with("ACK_SUBSCRIPTION", "per-call").maxCallsInFlight()).isEqualTo(48);
        assertThat(with("ACK_SUBSCRIPTION", "instance").maxCallsInFlight()).isEqualTo(20_000);
        assertThat(with("MAX_CALLS_IN_FLIGHT", "7").maxCallsInFlight()).isEqualTo(7);
        assertThat(with("MAX_DIRECT_MESSAGES", "7").maxDirectMessages()).isEqualTo(7);
        assertThat(with("DELIVERY", "direct").rate()).isEqualTo(new RequestRate.PerSecond(100));
        assertThat(with("MAX_REQUESTS_PER_SECOND", "7").rate()).isEqualTo(new RequestRate.PerSecond(7));
        assertThat(with("MAX_REQUESTS_PER_SECOND", "unlimited").rate()).isEqualTo(new RequestRate.Unlimited());
    }

    @Test
    void delivery_is_published_or_direct() {
        assertThat(with("DELIVERY", "publish").delivery()).isEqualTo(DeliveryMode.PUBLISH);
        assertThat(with("DELIVERY", "direct").delivery()).isEqualTo(DeliveryMode.DIRECT);
        assertThatThrownBy(() -> with("DELIVERY", "Direct"))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("DELIVERY");
    }

    @ParameterizedTest
    @CsvSource({
        "on-demand, PER_CALL",
        "provisioned-concurrency, PER_CALL",
        "snap-start, PER_CALL",
        "lambda-managed-instances, SHARED"
    })
    void listening_follows_how_the_function_is_initialized(String type, Listening listening) {
        assertThat(with("AWS_LAMBDA_INITIALIZATION_TYPE", type).listening()).isEqualTo(listening);
    }

    @ParameterizedTest
    @CsvSource({
        "on-demand, true",
        "provisioned-concurrency, false",
        "snap-start, false",
        "lambda-managed-instances, false",
    })
    void start_is_awaited_by_a_call_only_on_demand(String type, boolean awaited) {
        assertThat(Settings.isStartAwaited(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", type)))
                .isEqualTo(awaited);
        assertThat(Settings.isStartAwaited(Map.of())).isFalse();
    }

    @Test
    void everything_can_be_set(@TempDir Path directory) throws Exception {
        Path authority = Files.writeString(directory.resolve("ca.pem"), AUTHORITY);
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put("WSS_ENDPOINT", "[::1]:8443");
        environment.put("BROKER_CA_FILE", authority.toString());
        environment.put("MAX_TIMEOUT_SECONDS", "60");
        environment.put("DEFAULT_TIMEOUT_SECONDS", "60");
        environment.put("ACK_SUBSCRIPTION", "per-call");

        Settings settings = Settings.from(environment);

        assertThat(settings.broker()).isEqualTo(new BrokerAddress("::1", 8443, "eu-west-1", authority));
        assertThat(settings.limits().byDefault()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.listening()).isEqualTo(Listening.PER_CALL);
    }

    @Test
    void default_timeout_follows_a_smaller_maximum() {
        assertThat(with("MAX_TIMEOUT_SECONDS", "5").limits().byDefault()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({"WSS_ENDPOINT", "CLIENT_ID_PREFIX", "AWS_REGION"})
    void missing_setting_is_named(String name) {
        assertThatThrownBy(() -> with(name, " "))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(name)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void authority_that_is_no_certificate_is_told(@TempDir Path directory) throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path cut = Files.writeString(directory.resolve("cut.pem"), AUTHORITY.substring(0, 200));
        Path binary = Files.write(
                directory.resolve("ca.der"),
                Base64.getMimeDecoder().decode(AUTHORITY.replaceAll("-----[A-Z ]+-----", "")));

        for (Path file : List.of(empty, cut, binary)) {
            assertThatThrownBy(() -> with("BROKER_CA_FILE", file.toString()))
                    .isInstanceOf(InvalidSettingException.class)
                    .hasMessageContainingAll("BROKER_CA_FILE", "PEM", file.toString());
        }
        assertThatThrownBy(() -> with("BROKER_CA_FILE", directory.toString()))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContainingAll("BROKER_CA_FILE", "cannot be read", directory.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "WSS_ENDPOINT, wss://host/mqtt",
        "WSS_ENDPOINT, host:0",
        "WSS_ENDPOINT, host:70000",
        "WSS_ENDPOINT, host:",
        "CLIENT_ID_PREFIX, a/b",
        "MAX_TIMEOUT_SECONDS, 0",
        "MAX_TIMEOUT_SECONDS, 901",
        "MAX_TIMEOUT_SECONDS, ten",
        "DEFAULT_TIMEOUT_SECONDS, 29",
        "ACK_SUBSCRIPTION, both",
        "BROKER_CA_FILE, /does/not/exist.pem"
    })
    void malformed_setting_is_named(String name, String value) {
        assertThatThrownBy(() -> with(name, value))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(name);
    }
}
