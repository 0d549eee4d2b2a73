package dev.roundtrip.invoke.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The key that AWS Lambda gives is used as it is; otherwise one is looked for. */
class GatewayCredentialsTest {

    @Test
    void key_of_a_role_comes_with_its_token() {
        assertThat(GatewayCredentials.from(Map.of(
                        "AWS_ACCESS_KEY_ID", "ASIAEXAMPLE",
                        "AWS_SECRET_ACCESS_KEY", "an example",
                        "AWS_SESSION_TOKEN", "a token")))
                .isEqualTo(new GatewayCredentials.Fixed("ASIAEXAMPLE", "an example", "a token"));
    }

    @Test
    void key_of_a_user_has_no_token() {
        assertThat(GatewayCredentials.from(Map.of(
                        "AWS_ACCESS_KEY_ID", "AKIAEXAMPLE",
                        "AWS_SECRET_ACCESS_KEY", "an example",
                        "AWS_SESSION_TOKEN", "")))
                .isEqualTo(new GatewayCredentials.Fixed("AKIAEXAMPLE", "an example", null));
    }

    @Test
    void half_a_key_is_none_and_one_is_looked_for_as_in_a_copy_of_a_snapshot() {
        assertThat(GatewayCredentials.from(Map.of("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY", "")))
                .isEqualTo(new GatewayCredentials.Environment());
    }
}
