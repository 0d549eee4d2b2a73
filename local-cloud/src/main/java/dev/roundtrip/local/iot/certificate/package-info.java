/** Certificates of AWS IoT: their ids, their status, and what policies may know of them. */
@NullMarked
package dev.roundtrip.local.iot.certificate;

import org.jspecify.annotations.NullMarked;
