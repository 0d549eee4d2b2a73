package dev.roundtrip.local.commands;

import dev.roundtrip.invoke.lambda.InvalidSettingException;
import dev.roundtrip.invoke.lambda.Settings;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The function's settings: from the command line, else from the environment. */
final class FunctionOptions {
    private static final String OPTION = "--function-setting";

    /** Stands for what the local cloud sets itself, so that the rest can be checked before anything starts. */
    private static final Map<String, String> MADE_HERE =
            Map.of("WSS_ENDPOINT", "localhost", "CLIENT_ID_PREFIX", "roundtrip", "AWS_REGION", "local");

    @Option(
            names = OPTION,
            paramLabel = "NAME=VALUE",
            description = "A setting of the function. May be given several times. An empty VALUE means the default. A"
                    + " setting that is not given here comes from the environment variable of the same name."
                    + " Settings: ${COMPLETION-CANDIDATES}. See docs/settings.md.",
            completionCandidates = FunctionSetting.Names.class)
    private List<FunctionSetting> given = List.of();

    /** The environment variables of the function that a user chose.
     *
     * @throws ParameterException when a value is not one that the function takes
     */
    Map<String, String> variables(CommandLine command, Map<String, String> environment) {
        Map<String, String> chosen = new LinkedHashMap<>();
        for (FunctionSetting setting : given) {
            if (chosen.put(setting.name(), setting.value()) != null) {
                throw new ParameterException(command, OPTION + ": " + setting.name() + " is given twice");
            }
        }
        for (String name : FunctionSetting.NAMES) {
            String value = environment.getOrDefault(name, "");
            if (!value.isBlank()) {
                chosen.putIfAbsent(name, value);
            }
        }
        check(command, chosen);
        return chosen;
    }

    private void check(CommandLine command, Map<String, String> chosen) {
        Map<String, String> all = new HashMap<>(MADE_HERE);
        all.putAll(chosen);
        try {
            var unused = Settings.from(all);
        } catch (InvalidSettingException wrong) {
            String message = String.valueOf(wrong.getMessage());
            boolean isGiven = given.stream().anyMatch(setting -> message.startsWith(setting.name() + " "));
            throw new ParameterException(command, (isGiven ? OPTION + ": " : "in the environment: ") + message, wrong);
        }
    }

    /** What a user chose, what was given first, for a person:
     * {@code DELIVERY=direct, MAX_TIMEOUT_SECONDS=5 (environment)}.
     */
    String describe(Map<String, String> variables) {
        List<String> onCommandLine = given.stream().map(FunctionSetting::name).toList();
        return Stream.concat(onCommandLine.stream(), FunctionSetting.NAMES.stream())
                .distinct()
                .filter(variables::containsKey)
                .map(name -> name + "=" + variables.get(name) + (onCommandLine.contains(name) ? "" : " (environment)"))
                .collect(Collectors.joining(", "));
    }
}
