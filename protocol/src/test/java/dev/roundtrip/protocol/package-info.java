@NullMarked
package dev.roundtrip.protocol;

import org.jspecify.annotations.NullMarked;
