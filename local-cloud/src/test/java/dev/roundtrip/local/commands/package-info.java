/** Check commands, options and log output of {@code local-cloud}. */
@NullMarked
package dev.roundtrip.local.commands;

import org.jspecify.annotations.NullMarked;
