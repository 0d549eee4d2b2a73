/** The core: one call from HTTP request to HTTP reply, knowing neither cloud nor broker. */
@NullMarked
package dev.roundtrip.invoke;

import org.jspecify.annotations.NullMarked;
