/** The formats of documents that services take over MQTT: JSON and CBOR. */
@NullMarked
package dev.roundtrip.local.iot.document;

import org.jspecify.annotations.NullMarked;
