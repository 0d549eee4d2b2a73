/** Bad requests, for every server that hears HTTP. */
@NullMarked
package dev.roundtrip.local.hostile;

import org.jspecify.annotations.NullMarked;
