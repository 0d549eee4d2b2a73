/** Check how the local API reads what clients send. */
@NullMarked
package dev.roundtrip.local.api;

import org.jspecify.annotations.NullMarked;
