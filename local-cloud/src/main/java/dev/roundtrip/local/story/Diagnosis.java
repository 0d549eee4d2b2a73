package dev.roundtrip.local.story;

import org.jspecify.annotations.Nullable;

/** Why a call ended as it did, and what to do.
 *
 * @param sentence what happened, one or two sentences
 * @param advice what to do; null when there is nothing to do
 */
public record Diagnosis(
        Cause cause, String sentence, @Nullable String advice) {}
