package dev.roundtrip.mqtt;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Believes certificates of devices that an authority of devices signed, or that are registered by themselves. TLS
 * proves that the device has the key. Thread-safe.
 */
final class DeviceTrust extends X509ExtendedTrustManager {
    /** Clients are not told which authorities there are: one that is told shows no certificate of another. */
    private static final X509Certificate[] ANY = {};

    private final X509ExtendedTrustManager authorities;
    private final Authentication authentication;

    private DeviceTrust(X509ExtendedTrustManager authorities, Authentication authentication) {
        this.authorities = authorities;
        this.authentication = authentication;
    }

    static DeviceTrust of(List<X509Certificate> authorities, Authentication authentication) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager found) {
                    return new DeviceTrust(found, authentication);
                }
            }
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        throw new IllegalStateException("this JDK has no trust manager for X.509");
    }

    /** A check by the authorities. */
    @FunctionalInterface
    private interface Check {
        void run() throws CertificateException;
    }

    private void check(X509Certificate[] chain, Check byAuthorities) throws CertificateException {
        if (chain.length > 0 && authentication.isRegistered(chain[0])) {
            chain[0].checkValidity();
        } else {
            byAuthorities.run();
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, () -> authorities.checkClientTrusted(chain, authType, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, () -> authorities.checkClientTrusted(chain, authType, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, () -> authorities.checkClientTrusted(chain, authType));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("no server is believed here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("no server is believed here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no server is believed here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return ANY.clone();
    }
}
