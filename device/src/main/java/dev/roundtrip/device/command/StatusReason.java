package dev.roundtrip.device.command;

import dev.roundtrip.device.update.PlainText;
import java.util.regex.Pattern;

/** Why an execution has its status.
 *
 * @param code 1 to 64 of {@code A-Z 0-9 _ -}
 * @param description a sentence for people; control characters become spaces, and it is cut after 1,024 characters
 */
public record StatusReason(String code, String description) {
    /** Source: the model of AWS IoT Commands, {@code StatusReasonCode}. */
    private static final Pattern CODE = Pattern.compile("[A-Z0-9_-]{1,64}");

    /** Source: the same, {@code StatusReasonDescription}. */
    private static final int MAX_DESCRIPTION = 1024;

    /** @throws IllegalArgumentException when there can be no such code */
    public StatusReason {
        checked(code);
        description = PlainText.of(description, MAX_DESCRIPTION);
    }

    static String checked(String code) {
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("a reason's code has 1 to 64 of A-Z 0-9 _ -");
        }
        return code;
    }
}
