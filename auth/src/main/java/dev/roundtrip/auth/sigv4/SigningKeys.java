package dev.roundtrip.auth.sigv4;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs, and remembers the derived keys: a key is good for a day, and deriving it costs four times what using it does.
 *
 * <p>Safe for use by many threads: a remembered {@link Mac} is only ever cloned.
 */
final class SigningKeys {
    private static final String HMAC = "HmacSHA256";

    /** More than eight days of a few keys, regions and services; a caller cannot fill it without a known key. */
    private static final int CAPACITY = 256;

    private final ConcurrentMap<KeyName, Mac> keys = new ConcurrentHashMap<>();

    private record KeyName(String secret, CredentialScope scope) {}

    /** The signature in lower-case hexadecimal. */
    String sign(String secret, CredentialScope scope, String stringToSign) {
        try {
            Mac mac = (Mac) key(secret, scope).clone();
            return HexFormat.of().formatHex(mac.doFinal(stringToSign.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (GeneralSecurityException | CloneNotSupportedException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    private Mac key(String secret, CredentialScope scope) throws GeneralSecurityException {
        KeyName name = new KeyName(secret, scope);
        Mac known = keys.get(name);
        if (known != null) {
            return known;
        }
        if (keys.size() >= CAPACITY) {
            keys.clear();
        }
        Mac derived = derive(secret, scope);
        keys.put(name, derived);
        return derived;
    }

    private static Mac derive(String secret, CredentialScope scope) throws GeneralSecurityException {
        Mac date = keyed(("AWS4" + secret).getBytes(StandardCharsets.UTF_8));
        Mac region = keyed(update(date, scope.date()));
        Mac service = keyed(update(region, scope.region()));
        Mac terminator = keyed(update(service, scope.service()));
        return keyed(update(terminator, scope.terminator()));
    }

    private static byte[] update(Mac mac, String text) {
        return mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Mac keyed(byte[] key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        return mac;
    }
}
