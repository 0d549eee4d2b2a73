/** {@code Main} starts the program {@code local-cloud}. */
@NullMarked
package dev.roundtrip.local;

import org.jspecify.annotations.NullMarked;
