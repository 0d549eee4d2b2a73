package dev.roundtrip.sigv4;

import java.util.regex.Pattern;

/** Where a signature counts.
 *
 * @param region the AWS region, such as {@code eu-central-1}
 * @param service the service's signing name; {@code execute-api} for API Gateway
 */
public record SigningScope(String region, String service) {
    /** The signing name of API Gateway. */
    public static final String EXECUTE_API = "execute-api";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    /** @throws IllegalArgumentException when region or service is no name of letters, digits, {@code _} and {@code -}
     */
    public SigningScope {
        requireName("region", region);
        requireName("service", service);
    }

    private static void requireName(String what, String value) {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException("'" + value + "' is no " + what + ": letters, digits, _ and - only");
        }
    }
}
