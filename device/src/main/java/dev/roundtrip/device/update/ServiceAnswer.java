package dev.roundtrip.device.update;

import com.fasterxml.jackson.databind.JsonNode;

/** What a service answers.
 *
 * @param isAccepted whether it took the request
 * @param body its message, which may lack members
 */
public record ServiceAnswer(boolean isAccepted, JsonNode body) {}
