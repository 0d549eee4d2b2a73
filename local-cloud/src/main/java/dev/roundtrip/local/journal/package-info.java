/** A bounded record of what happened to each call, and to the clients of the broker. */
@NullMarked
package dev.roundtrip.local.journal;

import org.jspecify.annotations.NullMarked;
