/** The command line: one class for each command. */
@NullMarked
package dev.roundtrip.local.cli;

import org.jspecify.annotations.NullMarked;
