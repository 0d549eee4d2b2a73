package dev.roundtrip.local.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkAddressTest {
    @ParameterizedTest
    @CsvSource({"192.0.2.7, 192.0.2.7:8883, 192.0.2.7", "2001:db8::7, [2001:db8:0:0:0:0:0:7]:8883, 2001:db8:0:0:0:0:0:7"
    })
    void address_of_this_machine_is_what_devices_connect_to(String text, String endpoint, String name)
            throws UnknownHostException {
        NetworkAddress address = NetworkAddress.of(text, machine());

        assertThat(address.endpoint(8883)).isEqualTo(endpoint);
        assertThat(address.serverNames()).containsExactly(name);
    }

    @Test
    void host_name_is_what_devices_connect_to_and_the_certificate_has_both() throws UnknownHostException {
        NetworkAddress address =
                NetworkAddress.of("localhost", Set.of(InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));

        assertThat(address.endpoint(8883)).isEqualTo("localhost:8883");
        assertThat(address.serverNames()).containsExactly("127.0.0.1", "localhost");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"192.0.2.8", "0.0.0.0", "::", "127.0.0.1", "localhost", "", " ", "no.such.host.invalid", "a b"})
    void other_addresses_are_refused_with_those_that_the_machine_has(String text) throws UnknownHostException {
        Set<InetAddress> machine = machine();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkAddress.of(text, machine))
                .withMessage("'" + text + "' is no address at which other machines reach this one; it has 192.0.2.7,"
                        + " 2001:db8:0:0:0:0:0:7");
    }

    @Test
    void machine_without_a_network_says_so() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkAddress.of("192.0.2.8", Set.of()))
                .withMessageEndingWith("; it has none");
    }

    @Test
    void addresses_that_only_this_machine_reaches_are_none_of_it() {
        assertThat(NetworkAddress.ofThisMachine())
                .noneMatch(InetAddress::isLoopbackAddress)
                .noneMatch(InetAddress::isAnyLocalAddress)
                .noneMatch(InetAddress::isLinkLocalAddress);
    }

    private static Set<InetAddress> machine() throws UnknownHostException {
        return Set.of(InetAddress.getByName("192.0.2.7"), InetAddress.getByName("2001:db8::7"));
    }
}
