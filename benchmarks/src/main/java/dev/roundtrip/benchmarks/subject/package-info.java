/** What is measured, and the references beside it: a signed call, a bare MQTT round trip, a bare HTTP round trip. */
@NullMarked
package dev.roundtrip.benchmarks.subject;

import org.jspecify.annotations.NullMarked;
