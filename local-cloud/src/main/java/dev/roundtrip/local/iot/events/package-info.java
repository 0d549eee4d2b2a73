/** What AWS IoT tells of its clients: lifecycle events. */
@NullMarked
package dev.roundtrip.local.iot.events;

import org.jspecify.annotations.NullMarked;
