package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.store.StateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the files of one thing are.
 *
 * @param directory named like the thing
 */
public record ThingFiles(Path directory) {
    static final String CERTIFICATE = "certificate.pem";
    static final String PRIVATE_KEY = "private.key";
    static final String POLICY = "policy.json";
    static final String THING = "thing.json";

    /** The certificate that the thing shows, PEM. */
    public Path certificate() {
        return directory.resolve(CERTIFICATE);
    }

    /** The key that belongs to it, PEM, PKCS #8. */
    public Path privateKey() {
        return directory.resolve(PRIVATE_KEY);
    }

    /** @throws StateException when there is no certificate or no key for the thing to show */
    public void requireIdentity() throws StateException {
        for (Path file : List.of(certificate(), privateKey())) {
            if (!Files.exists(file)) {
                throw StateException.missing(file);
            }
        }
    }

    /** The IoT policy attached to the certificate; may be edited. */
    public Path policy() {
        return directory.resolve(POLICY);
    }

    /** Name, type, attributes, and the certificate's id and status; may be edited. */
    public Path thing() {
        return directory.resolve(THING);
    }
}
