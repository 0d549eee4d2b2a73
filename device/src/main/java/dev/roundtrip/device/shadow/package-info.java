/** A device's side of one AWS IoT Device Shadow: what is desired is applied in the order of versions, and what was
 * applied is reported.
 */
@NullMarked
package dev.roundtrip.device.shadow;

import org.jspecify.annotations.NullMarked;
