/** Implements AWS IoT Device Management commands: what devices are told to do, and what became of it. */
@NullMarked
package dev.roundtrip.local.iot.command;

import org.jspecify.annotations.NullMarked;
