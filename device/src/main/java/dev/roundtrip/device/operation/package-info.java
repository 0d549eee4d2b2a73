/** What jobs usually ask of a device: a file, a method, a reset, diagnostics, a new certificate, steps of the AWS IoT
 * Device Client. What only the maker of a device can do is a port.
 */
@NullMarked
package dev.roundtrip.device.operation;

import org.jspecify.annotations.NullMarked;
