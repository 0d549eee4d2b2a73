package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.iot.document.DocumentFormat;
import java.util.List;
import java.util.Optional;

/** A topic to which a device publishes what became of an execution. Immutable.
 *
 * @param text the topic
 * @param kind as published, such as {@code things}, and not checked
 * @param name as published, and not checked
 * @param executionId as published, and not checked
 * @param format as published, and not checked; empty when there is none
 */
record CommandTopic(String text, String kind, String name, String executionId, String format) {
    private static final int KIND = 2;
    private static final int NAME = 3;
    private static final int EXECUTION = 5;
    private static final int DIRECTION = 6;
    private static final int FORMAT = 7;
    private static final String ROOT = "$aws/commands/";

    /** The topics of all updates, as filters: also wrong ones, which are answered. */
    static List<String> all() {
        return List.of("$aws/commands/+/+/executions/+/response", "$aws/commands/+/+/executions/+/response/+");
    }

    /** @param topic matches one of {@link #all} */
    static CommandTopic of(String topic) {
        String[] levels = topic.split("/", -1);
        return new CommandTopic(
                topic, levels[KIND], levels[NAME], levels[EXECUTION], levels.length > FORMAT ? levels[FORMAT] : "");
    }

    /** Which execution it is about; empty when there can be none. */
    Optional<ExecutionKey> execution() {
        return executionId.matches("[a-zA-Z0-9_-]{1,64}")
                ? CommandTarget.ofLevels(kind, name).map(target -> new ExecutionKey(target, executionId))
                : Optional.empty();
    }

    /** The format of the payload; empty when the topic names none that there is. */
    Optional<DocumentFormat> payloadFormat() {
        return DocumentFormat.ofLevel(format);
    }

    /** The format of the answer. */
    DocumentFormat answerFormat() {
        return payloadFormat().orElse(DocumentFormat.JSON);
    }

    String accepted() {
        return answer("accepted");
    }

    String rejected() {
        return answer("rejected");
    }

    private String answer(String word) {
        String response = String.join("/", "$aws/commands", kind, name, "executions", executionId, "response", word);
        return format.isEmpty() ? response : response + '/' + answerFormat().level();
    }

    /** Whether a client may subscribe to a filter: of a request's topic only the execution may be any.
     *
     * <p>Source: AWS IoT developer guide, "Reserved topics", commands. The guide's own subscriptions to requests name
     * the device, those to answers may have {@code +} in its place.
     */
    static boolean maySubscribe(String filter) {
        if (!filter.startsWith(ROOT)) {
            return true;
        }
        String[] levels = filter.split("/", -1);
        boolean ofRequest = levels.length <= DIRECTION || !levels[DIRECTION].equals("response");
        if (!ofRequest) {
            return true;
        }
        for (int i = 0; i < levels.length; i++) {
            if (levels[i].equals("#") || (levels[i].equals("+") && i != EXECUTION)) {
                return false;
            }
        }
        return true;
    }
}
