package dev.roundtrip.auth.sigv4;

/** What a signature is checked with. Its text form shows no secret.
 *
 * @param secret the secret access key
 * @param sessionToken the token that must come with every request; empty for a long-term key, which must come with none
 * @param caller whose key it is
 */
public record AccessKey(String secret, String sessionToken, IamIdentity caller) {

    /** A long-term key: no session token. */
    public static AccessKey of(IamIdentity caller, String secret) {
        return new AccessKey(secret, "", caller);
    }

    @Override
    public String toString() {
        return "AccessKey[" + caller + "]";
    }
}
