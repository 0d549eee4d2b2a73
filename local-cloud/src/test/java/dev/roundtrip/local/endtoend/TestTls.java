package dev.roundtrip.local.endtoend;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import dev.roundtrip.local.iot.registry.ThingFiles;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Lets a client of others show a thing's certificate. */
final class TestTls {
    private TestTls() {}

    static MqttClientSslConfig of(ThingFiles thing, Path authority) throws Exception {
        return MqttClientSslConfig.builder()
                .keyManagerFactory(keys(thing))
                .trustManagerFactory(trust(authority))
                .build();
    }

    /** For a client that shows a thing's certificate. */
    static SSLContext showing(ThingFiles thing, Path authority) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(thing).getKeyManagers(), trust(authority).getTrustManagers(), null);
        return context;
    }

    private static KeyManagerFactory keys(ThingFiles thing) throws Exception {
        String pem = Files.readString(thing.privateKey())
                .replaceAll("-----[A-Z ]+-----", "")
                .replaceAll("\\s", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        KeyStore own = store();
        own.setKeyEntry("thing", key, new char[0], new Certificate[] {certificate(thing.certificate())});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        return keys;
    }

    /** For a client that shows no certificate. */
    static SSLContext trusting(Path authority) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust(authority).getTrustManagers(), null);
        return context;
    }

    private static TrustManagerFactory trust(Path authority) throws Exception {
        KeyStore trusted = store();
        trusted.setCertificateEntry("authority", certificate(authority));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }

    private static KeyStore store() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Certificate certificate(Path pem) throws Exception {
        try (InputStream file = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
    }
}
