/** The registry of AWS IoT: things, what is attached to them, and the policies of devices and of the gateway, as files
 * that a person may edit.
 */
@NullMarked
package dev.roundtrip.local.iot.registry;

import org.jspecify.annotations.NullMarked;
