package dev.roundtrip.device.responder;

import dev.roundtrip.device.transport.Delivery;

/** A command as it was delivered.
 *
 * @param command what it asks
 * @param delivery how it came
 */
record Arrival(Command command, Delivery delivery) {}
