/** What a device can do: its methods, each a function from a JSON value to a JSON value, and the clock that they wait
 * on.
 */
@NullMarked
package dev.roundtrip.device.method;

import org.jspecify.annotations.NullMarked;
