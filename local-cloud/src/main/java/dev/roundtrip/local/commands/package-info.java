/** The command line: one class for each command. */
@NullMarked
package dev.roundtrip.local.commands;

import org.jspecify.annotations.NullMarked;
