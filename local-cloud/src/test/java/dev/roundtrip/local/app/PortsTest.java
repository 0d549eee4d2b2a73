package dev.roundtrip.local.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.app.LocalCloudSettings.Ports;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Which ports the local cloud takes, and what it says when it cannot. */
class PortsTest {
    @Test
    void ports_of_aws_are_known_whatever_the_port_of_the_api_is() {
        assertThat(new Ports(0, 8883, 443).areOfAws()).isTrue();
        assertThat(Ports.USUAL.areOfAws()).isFalse();
        assertThat(new Ports(8080, 0, 443).areOfAws()).isFalse();
    }

    @Test
    void start_without_the_right_to_a_low_port_says_what_to_do() {
        assertThatThrownBy(() -> Foundation.listening(() -> {
                    throw new IOException("cannot listen on /127.0.0.1:443: Permission denied");
                }))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("net.ipv4.ip_unprivileged_port_start=443")
                .hasMessageContaining("without --ports aws");
    }

    @Test
    void start_on_a_taken_port_says_what_to_do() {
        assertThatThrownBy(() -> Foundation.listening(() -> {
                    throw new IOException("cannot listen on /127.0.0.1:443: Address already in use");
                }))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("choose other ports");
    }
}
