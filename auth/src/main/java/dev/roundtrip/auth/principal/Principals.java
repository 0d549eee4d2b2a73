package dev.roundtrip.auth.principal;

import dev.roundtrip.auth.sigv4.AccessKey;
import dev.roundtrip.auth.sigv4.AccessKeys;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** All principals, in memory. A look-up takes the same time for a known key as for an unknown one, and never blocks.
 * Thread-safe.
 */
public final class Principals implements AccessKeys {
    private final Map<String, IamUser> byAccessKey = new ConcurrentHashMap<>();
    private final Map<String, DeviceCertificate> byFingerprint = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();

    @Override
    public Optional<AccessKey> find(String accessKeyId) {
        return user(accessKeyId).map(IamUser::key);
    }

    /** The user with this access key. */
    public Optional<IamUser> user(String accessKeyId) {
        return Optional.ofNullable(byAccessKey.get(accessKeyId));
    }

    /** The active certificate with this fingerprint, as {@link DeviceCertificate#id} has it. */
    public Optional<DeviceCertificate> certificate(String fingerprint) {
        return Optional.ofNullable(byFingerprint.get(fingerprint));
    }

    /** A number that grows with every change, after the change can be seen. Who keeps a decision compares this number,
     * and decides again.
     */
    public long version() {
        return version.get();
    }

    /** Adds a principal, in the place of the one with the same key or fingerprint. */
    public void put(Principal principal) {
        switch (principal) {
            case IamUser user -> byAccessKey.put(user.key().caller().accessKeyId(), user);
            case DeviceCertificate certificate -> byFingerprint.put(certificate.id(), certificate);
        }
        version.incrementAndGet();
    }

    /** Removes a principal: a user that is deleted, or a certificate that is no longer active. */
    public void remove(Principal principal) {
        switch (principal) {
            case IamUser user -> byAccessKey.remove(user.key().caller().accessKeyId(), user);
            case DeviceCertificate certificate -> byFingerprint.remove(certificate.id(), certificate);
        }
        version.incrementAndGet();
    }
}
