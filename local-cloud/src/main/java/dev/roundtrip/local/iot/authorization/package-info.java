/** Tells what policies allow, without doing it. */
@NullMarked
package dev.roundtrip.local.iot.authorization;

import org.jspecify.annotations.NullMarked;
