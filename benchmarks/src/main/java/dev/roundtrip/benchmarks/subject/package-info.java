/** Makes three round trips: a signed call, a bare MQTT round trip and a bare HTTP round trip. */
@NullMarked
package dev.roundtrip.benchmarks.subject;

import org.jspecify.annotations.NullMarked;
