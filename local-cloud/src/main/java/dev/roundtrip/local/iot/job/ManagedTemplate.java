package dev.roundtrip.local.iot.job;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A job template that AWS has made for everybody. Immutable.
 *
 * @param name such as {@code AWS-Reboot}
 * @param parameters for its document, in which each has a placeholder
 * @param document in JSON
 */
record ManagedTemplate(String name, String description, List<Parameter> parameters, String document) {
    /** The one version there is of each. */
    static final String VERSION = "1.0";

    ManagedTemplate {
        parameters = List.copyOf(parameters);
    }

    /** What a job is given for the document.
     *
     * @param regex what the value must match as a whole
     */
    record Parameter(String key, String description, Pattern regex, String example, boolean optional) {}

    /** The ARN, which has no account. */
    String arn(String region) {
        return "arn:aws:iot:" + region + "::jobtemplate/" + name + ':' + VERSION;
    }

    Optional<Parameter> parameter(String key) {
        return parameters.stream()
                .filter(parameter -> parameter.key().equals(key))
                .findFirst();
    }
}
