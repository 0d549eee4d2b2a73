/** The whole cloud over real sockets: calls in, devices out. */
@NullMarked
package dev.roundtrip.local.endtoend;

import org.jspecify.annotations.NullMarked;
