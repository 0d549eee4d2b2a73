package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;

/** A desired value and the version of the document that desires it. */
record Wanted(JsonNode value, long version) {}
