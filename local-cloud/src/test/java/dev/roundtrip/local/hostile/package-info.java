/** Sends malformed HTTP requests to the REST API and to the AWS IoT data plane. */
@NullMarked
package dev.roundtrip.local.hostile;

import org.jspecify.annotations.NullMarked;
