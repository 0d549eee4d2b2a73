/** A {@code Responder} reads commands, runs each call at most once, sends the answer and reports events. The package
 * opens no connection.
 */
@NullMarked
package dev.roundtrip.device.responder;

import org.jspecify.annotations.NullMarked;
