package dev.roundtrip.local.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class FunctionOptionsTest {
    private static String refusal(String... settings) {
        List<String> arguments = new ArrayList<>(List.of("start"));
        for (String setting : settings) {
            arguments.addAll(List.of("--function-setting", setting));
        }
        StringWriter err = new StringWriter();
        CommandLine command = LocalCloudCommand.commandLine();
        command.setErr(new PrintWriter(err, true));

        assertThat(command.execute(arguments.toArray(String[]::new))).isEqualTo(2);

        return err.toString().lines().findFirst().orElse("");
    }

    @Test
    void unknown_setting_is_refused_with_those_that_there_are() {
        assertThat(refusal("DELIVERIES=direct"))
                .contains("--function-setting", "'DELIVERIES'", "DELIVERY", "MAX_CALLS_IN_FLIGHT")
                .doesNotContain("WSS_ENDPOINT");
    }

    @ParameterizedTest
    @CsvSource({
        "DELIVERY=Direct, DELIVERY must be publish or direct",
        "MAX_TIMEOUT_SECONDS=901, MAX_TIMEOUT_SECONDS must be a whole number from 1 to 900",
        "DELIVERY, NAME=VALUE",
        "=direct, ''''",
        "WSS_ENDPOINT=localhost, --broker",
        "BROKER_CA_FILE=ca.pem, --broker-ca",
        "CLIENT_ID_PREFIX=gw, is set by the local cloud",
        "AWS_REGION=eu-west-1, is set by the local cloud",
    })
    void setting_that_cannot_be_is_refused_with_the_reason(String setting, String reason) {
        assertThat(refusal(setting)).contains("--function-setting", reason);
    }

    @Test
    void setting_that_is_given_twice_is_refused() {
        assertThat(refusal("DELIVERY=direct", "DELIVERY=publish")).contains("DELIVERY is given twice");
    }

    @Test
    void malformed_variable_of_the_environment_is_refused_as_such() {
        @Command
        class Probe implements Runnable {
            @Mixin
            private final FunctionOptions function = new FunctionOptions();

            @CommandLine.Spec
            private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

            @Override
            public void run() {
                var unused = function.variables(spec.commandLine(), Map.of("DELIVERY", "pigeon"));
            }
        }
        StringWriter err = new StringWriter();

        int exit =
                new CommandLine(new Probe()).setErr(new PrintWriter(err, true)).execute();

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).startsWith("in the environment: DELIVERY must be publish or direct");
    }

    @Test
    void help_names_every_setting_that_a_user_may_choose() {
        StringWriter help = new StringWriter();

        LocalCloudCommand.commandLine().setOut(new PrintWriter(help, true)).execute("start", "--help");

        assertThat(help.toString()).contains(FunctionSetting.NAMES);
    }
}
