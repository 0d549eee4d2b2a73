/** Plays the contract against one device, ours or somebody else's, and says which rules the device keeps. */
@NullMarked
package dev.roundtrip.local.check;

import org.jspecify.annotations.NullMarked;
