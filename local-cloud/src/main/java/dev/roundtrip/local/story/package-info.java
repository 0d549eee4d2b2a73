/** Calls, assembled from the steps of the journal when somebody asks, and why each ended as it did. */
@NullMarked
package dev.roundtrip.local.story;

import org.jspecify.annotations.NullMarked;
