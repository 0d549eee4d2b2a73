package dev.roundtrip.mqtt;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Whom a certificate or a signature stands for. Thread-safe. */
public interface Principal {
    /** The id that lifecycle events name: of the certificate, or of the IAM principal. */
    String id();

    /** The thing that belongs to the principal exclusively, for lifecycle events; null when there is none. */
    @Nullable String thingName();

    /** What a connection of this principal may do; asked once for each connection.
     *
     * @param clientId the MQTT client id that the client asks for
     * @param source where it connects from
     */
    Permissions permissions(String clientId, InetAddress source);
}
