package dev.roundtrip.things;

import dev.roundtrip.protocol.Target;
import org.jspecify.annotations.Nullable;

/** What is known of one thing. Each part is recorded before it is made, and taken back after it is deleted.
 *
 * @param name the thing's name, and its MQTT client id
 * @param role what it is for
 * @param isRequested whether the thing may be in the registry
 * @param certificate null before there is a key
 * @param isComplete whether it can connect: everything is made and attached
 */
record ThingRecord(
        Target name,
        Role role,
        boolean isRequested,
        @Nullable CertificateRecord certificate,
        boolean isComplete) {

    /** What a thing is for. */
    enum Role {
        /** It publishes for {@code send}. */
        SENDER,
        /** It listens for {@code subscribe}: a client id has one connection, so no sender can do both at once. */
        LISTENER
    }

    static ThingRecord planned(Target name, Role role) {
        return new ThingRecord(name, role, false, null, false);
    }

    ThingRecord requested(boolean is) {
        return new ThingRecord(name, role, is, certificate, isComplete);
    }

    ThingRecord with(@Nullable CertificateRecord known) {
        return new ThingRecord(name, role, isRequested, known, isComplete);
    }

    ThingRecord complete(boolean is) {
        return new ThingRecord(name, role, isRequested, certificate, is);
    }

    /** The certificate's id; null while it is not known. */
    @Nullable String certificateId() {
        return certificate == null ? null : certificate.id();
    }

    /** Whether nothing of it can be in the cloud. */
    boolean isNothing() {
        return !isRequested && certificate == null;
    }
}
