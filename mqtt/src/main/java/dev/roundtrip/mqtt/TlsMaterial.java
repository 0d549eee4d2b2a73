package dev.roundtrip.mqtt;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Who the broker is, and whose devices it believes.
 *
 * @param key the private key of the server certificate
 * @param chain the server certificate first, then those that lead to its authority
 * @param deviceAuthorities the certificates that sign those of devices, at least one
 */
public record TlsMaterial(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> deviceAuthorities) {
    /** @throws IllegalArgumentException when one of the lists is empty */
    public TlsMaterial {
        chain = List.copyOf(chain);
        deviceAuthorities = List.copyOf(deviceAuthorities);
        if (chain.isEmpty() || deviceAuthorities.isEmpty()) {
            throw new IllegalArgumentException("a server certificate and an authority of devices are needed");
        }
    }

    @Override
    public String toString() {
        return "TlsMaterial[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
