package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.ConnectionLog.Attempt;
import dev.roundtrip.mqtt.packet.Packet.Connect;
import dev.roundtrip.mqtt.packet.Packet.Will;
import dev.roundtrip.mqtt.packet.Properties;
import dev.roundtrip.mqtt.packet.PropertyId;
import dev.roundtrip.mqtt.packet.ProtocolVersion;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decides on a CONNECT. Thread-safe. */
final class ConnectHandler {
    private static final String ASSIGNED = "$GEN/";

    private final Core core;
    private final MessageRules rules;

    ConnectHandler(Core core) {
        this.core = core;
        this.rules = core.messageRules;
    }

    /** How a CONNECT is answered. */
    sealed interface Verdict {}

    /** The terms of a connection.
     *
     * @param askedKeepAlive what the client asked for
     * @param keepAlive what the broker applies
     * @param sessionExpiry how long the session outlives the connection
     * @param receiveMaximum how many unacknowledged messages the client gets
     * @param maxPacketBytes the largest packet that the client takes
     * @param will for which room is taken
     */
    record Accepted(
            ProtocolVersion version,
            String clientId,
            boolean cleanStart,
            Permissions permissions,
            Duration askedKeepAlive,
            Duration keepAlive,
            Duration sessionExpiry,
            int receiveMaximum,
            long maxPacketBytes,
            @Nullable LastWill will)
            implements Verdict {}

    /** A refusal.
     *
     * @param problem what a client of MQTT 5 is told
     * @param attempt what no policy allows, for the log
     */
    record Refused(
            ReasonCode reason, String problem, @Nullable Attempt attempt) implements Verdict {
        Refused(ReasonCode reason, String problem) {
            this(reason, problem, null);
        }
    }

    Verdict decide(Connect connect, Principal principal, InetAddress source) {
        boolean mqtt5 = connect.version() == ProtocolVersion.MQTT_5;
        String clientId = connect.clientId();
        if (clientId.isEmpty() && (mqtt5 || connect.cleanStart())) {
            clientId = ASSIGNED + UUID.randomUUID();
        } else {
            Refused misnamed = checkClientId(clientId);
            if (misnamed != null) {
                return misnamed;
            }
        }
        Refused problem = check(connect);
        if (problem != null) {
            return problem;
        }
        Permissions permissions = new CurrentPermissions(principal, clientId, source);
        Will will = connect.will();
        Attempt denied = denial(permissions, clientId, will);
        if (denied != null) {
            return new Refused(ReasonCode.NOT_AUTHORIZED, "no policy allows it", denied);
        }
        if (!core.mayConnectNow(clientId)
                || core.counters.connected.get() >= core.limits.sessions().maxConnections()) {
            return new Refused(ReasonCode.QUOTA_EXCEEDED, "too many connections");
        }
        LastWill lastWill = will == null ? null : rules.lastWill(will, principal);
        if (lastWill != null && !core.wills.takeRoom(lastWill)) {
            return new Refused(ReasonCode.QUOTA_EXCEEDED, "there is no room for another will");
        }
        return accept(connect, clientId, permissions, lastWill);
    }

    private @Nullable Attempt denial(Permissions permissions, String clientId, @Nullable Will will) {
        if (!permissions.allows(Action.CONNECT, clientId)) {
            return new Attempt(Action.CONNECT, clientId, permissions.refusal(Action.CONNECT, clientId));
        }
        return will == null ? null : rules.denial(permissions, will.topic(), will.retain());
    }

    private @Nullable Refused checkClientId(String clientId) {
        int bytes = clientId.getBytes(StandardCharsets.UTF_8).length;
        int most = core.limits.sessions().maxClientIdBytes();
        if (bytes == 0 || bytes > most) {
            return new Refused(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID, "a client id has 1 to " + most + " bytes");
        }
        return clientId.startsWith(ASSIGNED)
                ? new Refused(
                        ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
                        "client ids that begin with " + ASSIGNED + " are the broker's own")
                : null;
    }

    private @Nullable Refused check(Connect connect) {
        Properties properties = connect.properties();
        if (properties.number(PropertyId.AUTHENTICATION_METHOD).isPresent()) {
            return new Refused(ReasonCode.NOT_AUTHORIZED, "enhanced authentication is not supported");
        }
        int least = core.limits.messages().minClientPacketBytes();
        if (properties.numberOr(PropertyId.MAXIMUM_PACKET_SIZE, least) < least) {
            return new Refused(ReasonCode.UNSPECIFIED_ERROR, "the maximum packet size must be at least " + least);
        }
        if (rules.exceedsPropertyLimits(properties)) {
            return new Refused(ReasonCode.QUOTA_EXCEEDED, "the user properties are too large");
        }
        Will will = connect.will();
        if (will == null) {
            return null;
        }
        if (!core.topicRules.allowsName(will.topic()) || !core.mayBePublished(will.topic())) {
            return new Refused(ReasonCode.TOPIC_NAME_INVALID, "the will's topic is not allowed");
        }
        boolean tooLarge = will.payload().length > core.limits.messages().maxPayloadBytes()
                || rules.exceedsPropertyLimits(will.properties());
        return tooLarge ? new Refused(ReasonCode.QUOTA_EXCEEDED, "the will is too large") : null;
    }

    private Accepted accept(Connect connect, String clientId, Permissions permissions, @Nullable LastWill will) {
        Properties properties = connect.properties();
        BrokerLimits.Sessions limits = core.limits.sessions();
        return new Accepted(
                connect.version(),
                clientId,
                connect.cleanStart(),
                permissions,
                Duration.ofSeconds(connect.keepAliveSeconds()),
                keepAlive(connect.keepAliveSeconds()),
                sessionExpiry(connect),
                (int) Math.min(
                        properties.numberOr(PropertyId.RECEIVE_MAXIMUM, limits.outboundInFlight()),
                        limits.outboundInFlight()),
                properties.numberOr(PropertyId.MAXIMUM_PACKET_SIZE, Long.MAX_VALUE),
                will);
    }

    /** Source: AWS IoT Core protocol limits, "Keep-alive interval": 0 or more than the most becomes the most. */
    private Duration keepAlive(int seconds) {
        Duration asked = Duration.ofSeconds(seconds);
        Duration least = core.limits.sessions().minKeepAlive();
        Duration most = core.limits.sessions().maxKeepAlive();
        if (seconds == 0 || asked.compareTo(most) > 0) {
            return most;
        }
        return asked.compareTo(least) < 0 ? least : asked;
    }

    private Duration sessionExpiry(Connect connect) {
        Duration most = core.limits.sessions().maxExpiry();
        if (connect.version() == ProtocolVersion.MQTT_3_1_1) {
            return connect.cleanStart() ? Duration.ZERO : most;
        }
        long asked = connect.properties().numberOr(PropertyId.SESSION_EXPIRY_INTERVAL, 0);
        return Duration.ofSeconds(Math.min(asked, most.toSeconds()));
    }
}
