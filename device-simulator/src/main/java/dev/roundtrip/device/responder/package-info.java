/** The device's side of a call, without a network: reads commands, runs each once, answers, and tells listeners what
 * really happened.
 */
@NullMarked
package dev.roundtrip.device.responder;

import org.jspecify.annotations.NullMarked;
