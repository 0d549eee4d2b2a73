/** Contains the command line and the log writer. Each command has one class. */
@NullMarked
package dev.roundtrip.local.commands;

import org.jspecify.annotations.NullMarked;
