package dev.roundtrip.device.operation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.job.JobRejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A document of the AWS IoT Device Client, version 1.0 or the older schema, checked.
 *
 * @param actions in order
 * @param last done when all others were; null when there is none
 * @param includesOutput whether the output is reported
 */
record StepDocument(List<Action> actions, @Nullable Action last, boolean includesOutput) {
    /** Our choice. */
    private static final int MOST_STEPS = 100;

    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
    private static final Pattern BLANK = Pattern.compile("\\s");

    /** What one step does.
     *
     * @param handler its name, or a command's first word
     * @param allowedErrors how many lines it may complain of; null when that decides nothing
     * @param ignoresFailure whether the next step follows a failure
     */
    record Action(
            String name,
            String handler,
            List<String> arguments,
            String user,
            @Nullable Integer allowedErrors,
            boolean ignoresFailure) {}

    /** Whether a document claims to be one. */
    static boolean claims(JsonNode document) {
        return document.has("steps") || document.path("operation").isTextual();
    }

    /** @throws JobRejectedException when it breaks a rule of the schema */
    static StepDocument read(JsonNode document) throws JobRejectedException {
        if (!document.has("version") && !document.has("steps")) {
            return old(document);
        }
        require(document.path("version").asText().equals("1.0"), "its version must be \"1.0\"");
        conditions(document.path("conditions"));
        JsonNode steps = document.path("steps");
        require(
                steps.isArray() && !steps.isEmpty() && steps.size() <= MOST_STEPS,
                "it must have 1 to " + MOST_STEPS + " steps");
        List<Action> actions = new ArrayList<>();
        for (JsonNode step : steps) {
            actions.add(action(step.path("action")));
        }
        JsonNode last = document.path("finalStep");
        return new StepDocument(
                List.copyOf(actions),
                last.isMissingNode() ? null : action(last.path("action")),
                isTrue(document.path("includeStdOut")));
    }

    private static StepDocument old(JsonNode document) throws JobRejectedException {
        String operation = text(document, "operation");
        Action action = new Action(
                operation, operation, texts(document.path("args")), "", allowed(document.path("allowStdErr")), false);
        return new StepDocument(List.of(action), null, isTrue(document.path("includeStdOut")));
    }

    private static Action action(JsonNode action) throws JobRejectedException {
        String name = text(action, "name");
        String type = text(action, "type");
        JsonNode input = action.path("input");
        require(input.isObject(), "each action needs an object 'input'");
        String user = action.path("runAsUser").asText();
        Integer allowed = allowed(action.path("allowStdErr"));
        boolean ignores = isTrue(action.path("ignoreStepFailure"));
        if (type.equals("runHandler")) {
            return new Action(name, text(input, "handler"), texts(input.path("args")), user, allowed, ignores);
        }
        require(type.equals("runCommand"), "an action's type must be runHandler or runCommand");
        List<String> words = List.of(COMMA.split(text(input, "command").strip()));
        String first = words.isEmpty() ? "" : words.getFirst();
        require(!first.isEmpty() && !BLANK.matcher(first).find(), "a command's first word must have no blank");
        return new Action(name, first, words.subList(1, words.size()), user, allowed, ignores);
    }

    /** The AWS IoT Device Client checks them too, and evaluates none. */
    private static void conditions(JsonNode conditions) throws JobRejectedException {
        require(conditions.isMissingNode() || conditions.isArray(), "its conditions must be an array");
        for (JsonNode condition : conditions) {
            text(condition, "key");
            texts(condition.path("value"));
        }
    }

    private static @Nullable Integer allowed(JsonNode lines) throws JobRejectedException {
        require(lines.isMissingNode() || lines.canConvertToInt(), "allowStdErr must be a whole number");
        return lines.isMissingNode() ? null : Integer.valueOf(lines.intValue());
    }

    /** The AWS IoT Device Client takes the text alone; users write the value too. */
    private static boolean isTrue(JsonNode value) {
        return value.asBoolean() || value.asText().equals("true");
    }

    private static String text(JsonNode object, String member) throws JobRejectedException {
        String value = object.path(member).textValue();
        require(value != null && !value.isBlank(), "it needs a text '" + member + "'");
        return String.valueOf(value);
    }

    private static List<String> texts(JsonNode array) throws JobRejectedException {
        require(array.isMissingNode() || array.isArray(), "args must be an array of texts");
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            require(element.isTextual(), "args must be an array of texts");
            texts.add(element.textValue());
        }
        return texts;
    }

    private static void require(boolean holds, String rule) throws JobRejectedException {
        if (!holds) {
            throw new JobRejectedException("Unable to execute job, invalid job document provided! (" + rule + ")");
        }
    }
}
