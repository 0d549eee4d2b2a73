package dev.roundtrip.client;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The device ran the call, and its response is no value of the type that was asked for. Calling again cannot help.
 *
 * <p>The message has the type and the place. It has no cause: Jackson quotes the response in its messages.
 */
public final class UnexpectedResponseException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    UnexpectedResponseException(String type, JsonProcessingException unfit) {
        super("the response is no " + type + place(unfit.getLocation()));
    }

    UnexpectedResponseException(String type) {
        super("the response is JSON null, and no " + type);
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
