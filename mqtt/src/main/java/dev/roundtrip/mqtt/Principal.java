package dev.roundtrip.mqtt;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Whom a certificate or a signature stands for. Thread-safe. */
public interface Principal {
    /** The id that lifecycle events name: of the certificate, or of the IAM principal. */
    String id();

    /** The thing that belongs to the principal exclusively, for lifecycle events; null when there is none. */
    @Nullable String thingName();

    /** A number that changes whenever the principal may do something else than before, or is no longer active. Read for
     * each packet: cheap.
     */
    default long version() {
        return 0;
    }

    /** Whether it may be connected at all: a certificate may be deactivated meanwhile. */
    default boolean isActive() {
        return true;
    }

    /** What a connection of this principal may do; asked once for each connection, and again when {@link #version} has
     * changed.
     *
     * @param clientId the MQTT client id that the client asks for
     * @param source where it connects from
     */
    Permissions permissions(String clientId, InetAddress source);
}
