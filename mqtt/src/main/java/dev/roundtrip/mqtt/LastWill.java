package dev.roundtrip.mqtt;

import java.time.Duration;
import java.util.OptionalLong;

/** What a client leaves to be published when its connection is lost. Immutable.
 *
 * @param content the message, without an expiry: that begins when the will is published
 * @param publisher the client's
 * @param delay how long the client may be away before the will is published
 * @param expirySeconds how long the message is of use once it is published; empty for ever
 */
record LastWill(Message content, Principal publisher, Duration delay, OptionalLong expirySeconds) {}
