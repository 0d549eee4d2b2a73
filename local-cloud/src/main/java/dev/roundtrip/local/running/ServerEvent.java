package dev.roundtrip.local.running;

import com.fasterxml.jackson.databind.JsonNode;

/** One event of a stream.
 *
 * @param id what to resume after; empty when the stream gave none yet
 * @param kind {@code call}, {@code message}, {@code client}, {@code log} or {@code gap}
 */
public record ServerEvent(String id, String kind, JsonNode data) {}
