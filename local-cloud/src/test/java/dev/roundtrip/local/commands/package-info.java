/** Tests of the commands, as they are typed. */
@NullMarked
package dev.roundtrip.local.commands;

import org.jspecify.annotations.NullMarked;
