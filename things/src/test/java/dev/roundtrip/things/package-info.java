@NullMarked
package dev.roundtrip.things;

import org.jspecify.annotations.NullMarked;
