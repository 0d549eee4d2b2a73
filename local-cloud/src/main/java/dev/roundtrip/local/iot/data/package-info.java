/** The HTTP data plane of AWS IoT: messages to one device by name, and what is known of its connection. */
@NullMarked
package dev.roundtrip.local.iot.data;

import org.jspecify.annotations.NullMarked;
