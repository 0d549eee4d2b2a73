package dev.roundtrip.local.keys;

import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralNames;

/** The one certificate that all servers of the local cloud show, kept in a file and made anew when it nears its end or
 * its names change.
 */
public final class ServerCertificate {
    private final Path file;
    private final Authority authority;
    private final GeneralNames names;

    public ServerCertificate(Path file, Authority authority, GeneralNames names) {
        this.file = file;
        this.authority = authority;
        this.names = names;
    }

    /** The certificate in the file; empty when there is none that can be used. */
    public Optional<TlsIdentity> find(Instant now) throws StateException {
        Optional<String> text = PrivateFiles.read(file);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Pem.identity(file, text.get()))
                    .filter(found -> authority.isGoodServer(found.certificate(), names, now));
        } catch (StateException unreadable) {
            return Optional.empty();
        }
    }

    /** The certificate in the file, or a new one in its place. Call it under the lock. */
    public TlsIdentity findOrCreate(Instant now) throws StateException {
        Optional<TlsIdentity> found = find(now);
        if (found.isPresent()) {
            return found.get();
        }
        TlsIdentity created = authority.issueServer(names, now);
        PrivateFiles.write(file, Pem.of(created));
        return created;
    }
}
