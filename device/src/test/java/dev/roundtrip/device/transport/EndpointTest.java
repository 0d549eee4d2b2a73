package dev.roundtrip.device.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @ParameterizedTest
    @CsvSource({
        "localhost, localhost, 8883",
        "127.0.0.1:18883, 127.0.0.1, 18883",
        "abc123-ats.iot.us-east-1.amazonaws.com:443, abc123-ats.iot.us-east-1.amazonaws.com, 443",
        "[::1], ::1, 8883",
        "[::1]:1, ::1, 1",
    })
    void an_endpoint_is_a_host_and_maybe_a_port(String text, String host, int port) {
        assertThat(Endpoint.of(text)).isEqualTo(new Endpoint(host, port));
        assertThat(Endpoint.of(Endpoint.of(text).toString())).isEqualTo(new Endpoint(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":8883",
                "host:",
                "host:0",
                "host:65536",
                "host:99999999999",
                "mqtts://host",
                "host/path",
                "a b",
                "::1"
            })
    void anything_else_is_refused(String text) {
        assertThatThrownBy(() -> Endpoint.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("endpoint");
    }
}
