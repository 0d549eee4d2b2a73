package dev.roundtrip.local.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a file that sets environment variables when a shell sources it. */
public final class EnvironmentFile {
    private static final Pattern EXPORT =
            Pattern.compile("^export ([A-Za-z_][A-Za-z0-9_]*)=((?:'[^']*'|\\\\')*)$", Pattern.MULTILINE);

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** What would send a tool to other credentials or addresses than those exported here. */
    private static final String UNSET = "unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE"
            + " AWS_IGNORE_CONFIGURED_ENDPOINT_URLS\n";

    private EnvironmentFile() {}

    /** Exports the variables in their order.
     *
     * @throws StateException when a name is none that a shell takes, or a value holds U+0000
     */
    public static String of(Map<String, String> variables) throws StateException {
        StringBuilder text =
                new StringBuilder("# Points tools at this local cloud. Use: . <this file>\n").append(UNSET);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            if (!NAME.matcher(variable.getKey()).matches()) {
                throw new StateException("'" + variable.getKey() + "' is no name of an environment variable");
            }
            if (variable.getValue().indexOf(0) >= 0) {
                throw new StateException("the value of " + variable.getKey() + " must not hold U+0000");
            }
            text.append("export ")
                    .append(variable.getKey())
                    .append('=')
                    .append(ShellWord.quote(variable.getValue()))
                    .append('\n');
        }
        return text.toString();
    }

    /** The variables that such a text exports. */
    public static Map<String, String> read(String text) {
        Map<String, String> variables = new LinkedHashMap<>();
        Matcher export = EXPORT.matcher(text);
        while (export.find()) {
            variables.put(export.group(1), ShellWord.unquote(export.group(2)));
        }
        return variables;
    }
}
