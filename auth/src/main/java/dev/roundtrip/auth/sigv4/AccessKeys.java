package dev.roundtrip.auth.sigv4;

import java.util.Optional;

/** Looks up access keys. Called by many threads at once, for every request: it must be quick and must not block. */
@FunctionalInterface
public interface AccessKeys {

    /** @return the key of this id, or empty when there is none or it was revoked */
    Optional<AccessKey> find(String accessKeyId);

    /** One key and no other. */
    static AccessKeys only(AccessKey key) {
        Optional<AccessKey> found = Optional.of(key);
        return id -> id.equals(key.caller().accessKeyId()) ? found : Optional.empty();
    }
}
