package dev.roundtrip.invoke.mqtt;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the broker's WebSocket listener is, and how it is known to be the right one.
 *
 * @param host a host name or an IP address, without brackets
 * @param port 1 to 65535
 * @param region the region that requests are signed for
 * @param authority a PEM file of a private certificate authority; null for the system's
 */
public record BrokerAddress(
        String host, int port, String region, @Nullable Path authority) {}
