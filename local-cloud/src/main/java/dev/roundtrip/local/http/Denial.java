package dev.roundtrip.local.http;

/** What policies do not allow, for a log.
 *
 * @param action as policies write it, such as {@code iot:Publish}
 * @param resource the ARN or the name that the action concerns
 * @param statement which statement denies it, or that none allows it
 */
public record Denial(String action, String resource, String statement) {}
