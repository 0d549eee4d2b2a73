package dev.roundtrip.invoke;

import java.util.Map;

/** What the HTTP client is told.
 *
 * @param status the HTTP status code
 * @param headers names as HTTP writes them
 * @param body a JSON object
 */
public record HttpReply(int status, Map<String, String> headers, String body) {}
