package dev.roundtrip.local.keys;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** What a party of a TLS connection proves itself with.
 *
 * @param key belongs to the first certificate
 * @param chain the party's own certificate first; the authority's own is left out, since who trusts it has it
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    public TlsIdentity {
        chain = List.copyOf(chain);
    }

    /** The party's own certificate. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "TlsIdentity[" + certificate().getSubjectX500Principal() + "]";
    }
}
