package dev.roundtrip.local.iot.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;

/** What AWS's documents leave open about shadows; {@code docs/open-facts.md} says why each was chosen. */
final class OpenFacts {
    /** How many levels the desired or reported state may have. AWS's error text says 6, its page of quotas 8. */
    static final int MAX_DEPTH = 8;

    /** Whether the document that get answers has metadata of the delta. */
    static final boolean DELTA_METADATA_IN_GET = true;

    /** Whether a number equals another one that is written otherwise, such as 1 and 1.0. */
    static final boolean NUMBERS_ARE_COMPARED_BY_VALUE = true;

    /** Whether a document with the same member twice is refused; else the last one counts. */
    static final boolean MEMBERS_ARE_UNIQUE = true;

    /** What stands between the names of a thing and of its shadow where a message names both. */
    static final String BETWEEN_NAMES = "~";

    /** What stands for the document before the first one. */
    static final JsonNode PREVIOUS_OF_THE_FIRST = NullNode.getInstance();

    /** Which version a shadow has that does not exist, for an update that demands one; none is like it. */
    static final long VERSION_OF_A_MISSING_SHADOW = -1;

    private OpenFacts() {}
}
