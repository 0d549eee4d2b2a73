package dev.roundtrip.invoke;

/** One thing that is wrong with a call.
 *
 * @param parameter the name as the caller wrote it, or {@code body}, {@code path} or {@code http_method}
 * @param message a sentence for the caller, without a full stop
 */
public record Problem(String parameter, String message) {}
