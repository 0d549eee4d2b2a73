/** Send HTTP requests through a whole local cloud to simulated devices over real sockets. */
@NullMarked
package dev.roundtrip.local.endtoend;

import org.jspecify.annotations.NullMarked;
