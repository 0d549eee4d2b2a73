package dev.roundtrip.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/** Where a client calls, in which region, and as whom. */
class ClientSettingsTest {
    private static final URI DEPLOYED = URI.create("https://abc.execute-api.eu-west-3.amazonaws.com/Prod/invoke");

    @ParameterizedTest
    @CsvSource({
        "HTTPS://API.Example:443/Prod/invoke/, https://api.example/Prod/invoke",
        "http://localhost:80/Prod/invoke, http://localhost/Prod/invoke",
        "http://127.0.0.1:8080/Prod/invoke//, http://127.0.0.1:8080/Prod/invoke",
        "https://[::1]:8443/invoke, https://[::1]:8443/invoke"
    })
    void endpoint_is_brought_into_the_form_that_is_signed_and_sent(String given, String form) {
        assertThat(Endpoint.of(URI.create(given)).uri()).hasToString(form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://api.example/invoke",
                "/Prod/invoke",
                "https://api.example",
                "https://api.example/",
                "https://user:planted@api.example/invoke",
                "https://api.example/invoke?planted=1",
                "https://api.example/invoke#planted",
                "https://api.example/a/../invoke",
                "https://api.example/invoke/..",
                "https://api.example/a%20b",
                "https://api.example//invoke",
                "mailto:planted@api.example"
            })
    void address_that_is_no_endpoint_is_refused(String address) {
        assertThatThrownBy(() -> ClientSettings.at(URI.create(address), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("endpoint")
                .hasMessageNotContaining("planted");
    }

    @Test
    void region_is_that_of_the_host_then_that_of_the_environment() {
        assertThat(ClientSettings.at(DEPLOYED, Map.of("AWS_REGION", "us-east-1"))
                        .region())
                .isEqualTo("eu-west-3");
        assertThat(ClientSettings.at(URI.create("https://api.example/invoke"), Map.of("AWS_REGION", "us-east-1"))
                        .region())
                .isEqualTo("us-east-1");
        assertThat(ClientSettings.at(DEPLOYED, Map.of()).withRegion("us-west-2").region())
                .isEqualTo("us-west-2");
    }

    @Test
    void client_without_a_region_is_refused_and_told_how_to_name_one() {
        ClientSettings settings = ClientSettings.at(URI.create("https://api.example/invoke"), Map.of());

        assertThatThrownBy(() -> Roundtrip.at(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("AWS_REGION");
        assertThatThrownBy(() -> settings.withRegion("eu central")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void longest_timeout_is_one_second_to_28() {
        ClientSettings settings = ClientSettings.at(DEPLOYED, Map.of());

        assertThat(settings.withMaxTimeout(Duration.ofSeconds(1)).maxTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThatThrownBy(() -> settings.withMaxTimeout(Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> settings.withMaxTimeout(Duration.ofSeconds(29)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void credentials_of_the_environment_may_have_a_session() {
        var credentials = new EnvironmentCredentials(
                Map.of("AWS_ACCESS_KEY_ID", "AKID", "AWS_SECRET_ACCESS_KEY", "secret", "AWS_SESSION_TOKEN", "token"));

        assertThat(credentials
                        .resolveIdentity(ResolveIdentityRequest.builder().build())
                        .join())
                .isInstanceOfSatisfying(
                        AwsSessionCredentialsIdentity.class,
                        session -> assertThat(session.sessionToken()).isEqualTo("token"));
    }
}
