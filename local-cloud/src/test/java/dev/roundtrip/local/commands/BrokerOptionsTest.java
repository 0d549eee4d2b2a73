package dev.roundtrip.local.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.app.LocalCloudSettings.BrokerChoice;
import dev.roundtrip.mqtt.BrokerLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class BrokerOptionsTest {
    @Command
    private static final class Line {
        @Mixin
        private final BrokerOptions options = new BrokerOptions();
    }

    private static BrokerChoice choice(String... arguments) {
        Line line = new Line();
        CommandLine command = new CommandLine(line);
        command.parseArgs(arguments);
        return line.options.choice(command);
    }

    @Test
    void broker_holds_a_quarter_of_the_heap_by_default() {
        assertThat(choice())
                .isInstanceOfSatisfying(
                        BrokerChoice.Own.class,
                        own -> assertThat(own.limits().memory())
                                .isEqualTo(new BrokerLimits.Memory(
                                        Runtime.getRuntime().maxMemory() / 4, 500_000)));
    }

    @Test
    void broker_holds_as_many_megabytes_as_the_user_says() {
        assertThat(choice("--broker-memory", "16"))
                .isInstanceOfSatisfying(
                        BrokerChoice.Own.class,
                        own -> assertThat(own.limits().memory().maxBytes()).isEqualTo(16L * 1024 * 1024));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "2147483647"})
    void memory_that_the_heap_does_not_have_is_refused(String megabytes) {
        assertThatThrownBy(() -> choice("--broker-memory", megabytes))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--broker-memory must be 1 to ")
                .hasMessageContaining("half of the heap");
    }

    @Test
    void memory_of_another_broker_is_refused() {
        assertThatThrownBy(() -> choice("--broker", "localhost:8884", "--broker-memory", "16"))
                .isInstanceOf(ParameterException.class)
                .hasMessage("--broker-memory goes with the broker of the local cloud");
    }
}
