package dev.roundtrip.auth.sigv4;

/** A service as Signature Version 4 sees it: its name in the credential scope, and where its rules differ.
 *
 * @param name the name in the scope
 * @param path how its paths are made canonical
 * @param sessionToken whether a session token is part of what is signed
 */
public record SigningService(String name, PathForm path, SessionTokenForm sessionToken) {

    /** API Gateway. Its own error messages show the sent path encoded once more: {@code /%C3%A4} is signed as
     * {@code /%25C3%25A4}.
     */
    public static final SigningService EXECUTE_API =
            new SigningService("execute-api", PathForm.NORMALIZED, SessionTokenForm.SIGNED);

    /** MQTT over WebSocket; a token that was signed is refused. Source: aws-c-auth, {@code omit_session_token}. */
    public static final SigningService IOT_DEVICE_GATEWAY =
            new SigningService("iotdevicegateway", PathForm.NORMALIZED, SessionTokenForm.LEFT_OUT);

    /** The HTTP data plane of AWS IoT. */
    public static final SigningService IOT_DATA =
            new SigningService("iotdata", PathForm.NORMALIZED, SessionTokenForm.SIGNED);

    /** A service whose paths are normalized and whose session tokens are signed, as of every service of AWS but a few.
     *
     * @param name the name in the scope, such as {@code sts}
     */
    public static SigningService of(String name) {
        return new SigningService(name, PathForm.NORMALIZED, SessionTokenForm.SIGNED);
    }

    /** How a path is made canonical; both percent-encode the path as sent once more, as every service but Amazon S3
     * does.
     */
    public enum PathForm {
        /** Dot segments are resolved and repeated slashes become one. */
        NORMALIZED,
        /** Dot segments and slashes stay. */
        AS_SENT
    }

    /** What becomes of a session token. */
    public enum SessionTokenForm {
        /** It is a query parameter or a header as any other. */
        SIGNED,
        /** It is added after signing. */
        LEFT_OUT
    }
}
