package dev.roundtrip.mqtt;

import java.net.InetSocketAddress;
import java.time.Duration;

/** Where a connection comes from, known before its CONNECT.
 *
 * @param principal who it is, as certificate or signature said
 * @param source its address
 * @param target the broker's address that it chose
 * @param lifetime how long it may live
 */
record ClientAddress(Principal principal, InetSocketAddress source, InetSocketAddress target, Duration lifetime) {}
