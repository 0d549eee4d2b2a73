package dev.roundtrip.local.check;

import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is tried.
 *
 * @param device whom
 * @param method a method that may run several times
 * @param request what it takes
 * @param counter a method that adds one to a number and answers the number; null when the device has none, and then
 *     whether a method ran again is seen in the answers only
 * @param patience how long an answer may take, 1 to 60 s
 */
public record Trial(
        Target device,
        Method method,
        JsonText request,
        @Nullable Method counter,
        Duration patience) {}
