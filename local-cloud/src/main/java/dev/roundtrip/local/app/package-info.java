/** The local cloud as a whole: puts API front, function, broker and state together, and takes them down in order. */
@NullMarked
package dev.roundtrip.local.app;

import org.jspecify.annotations.NullMarked;
