package dev.roundtrip.local.iot.registry;

import dev.roundtrip.protocol.ClientPrefix;

/** What decides which rights the gateway has: the parameters of {@code template.yaml} with the same names. Immutable.
 *
 * @param prefix {@code ClientIDPrefix}
 * @param delivery {@code Delivery}
 * @param presenceQueries {@code PresenceQueries}
 */
public record GatewayRole(ClientPrefix prefix, Delivery delivery, PresenceQueries presenceQueries) {

    /** How commands reach a device. */
    public enum Delivery {
        /** On the device's topic. */
        PUBLISH,
        /** By the device's name, with SendDirectMessage. */
        DIRECT
    }

    /** Whether the gateway may ask if a device is connected. */
    public enum PresenceQueries {
        /** It may not; the template's default. */
        DENY,
        /** It may. */
        ALLOW
    }

    /** The role of a deployment that leaves both parameters at their defaults. */
    public static GatewayRole of(ClientPrefix prefix) {
        return new GatewayRole(prefix, Delivery.PUBLISH, PresenceQueries.DENY);
    }

    /** The template's condition {@code DeliversDirectly}. */
    boolean deliversDirectly() {
        return delivery == Delivery.DIRECT;
    }

    /** The template's condition {@code AsksForConnections}. */
    boolean asksForConnections() {
        return deliversDirectly() || presenceQueries == PresenceQueries.ALLOW;
    }

    /** The template's condition {@code AsksForSubscriptions}. */
    boolean asksForSubscriptions() {
        return !deliversDirectly() && presenceQueries == PresenceQueries.ALLOW;
    }
}
