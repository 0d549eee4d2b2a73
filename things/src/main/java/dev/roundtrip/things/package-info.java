/** The command line {@code things}: makes things with certificates by the AWS SDK, has them send and listen over MQTT,
 * and deletes what it made.
 */
@NullMarked
package dev.roundtrip.things;

import org.jspecify.annotations.NullMarked;
