/** Tests of the commands, as they are typed. */
@NullMarked
package dev.roundtrip.local.cli;

import org.jspecify.annotations.NullMarked;
