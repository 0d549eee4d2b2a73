/** Makes round trips: signed calls, bare MQTT and HTTP, updates of shadows, work of the store of tables. */
@NullMarked
package dev.roundtrip.benchmarks.subject;

import org.jspecify.annotations.NullMarked;
