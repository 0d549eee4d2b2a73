/** A {@code Responder} reads commands, runs each call at most once, sends the answer and reports events. The package
 * opens no connection.
 *
 * <p>{@code Ledger} is long: keys, lanes and what waits for them change together, under one lock. {@code Responder} and
 * {@code CallRun} are long: the duties of a device stand in one order, and are read together.
 */
@NullMarked
package dev.roundtrip.device.responder;

import org.jspecify.annotations.NullMarked;
