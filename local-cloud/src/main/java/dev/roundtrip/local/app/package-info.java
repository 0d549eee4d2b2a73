/** {@code LocalCloud} starts the REST API, the function and the broker, and stops all of them in order. */
@NullMarked
package dev.roundtrip.local.app;

import org.jspecify.annotations.NullMarked;
