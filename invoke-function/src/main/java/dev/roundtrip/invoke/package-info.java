/** Turns one HTTP request into one HTTP reply. Uses no AWS library and no MQTT library. */
@NullMarked
package dev.roundtrip.invoke;

import org.jspecify.annotations.NullMarked;
