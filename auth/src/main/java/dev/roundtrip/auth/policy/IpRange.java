package dev.roundtrip.auth.policy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Internet addresses with a common prefix, IPv4 or IPv6. An IPv4 address mapped into IPv6 counts as IPv4.
 *
 * @param network the prefix as a number of that many bits
 * @param prefixLength in bits
 * @param addressLength in bits, 32 or 128
 */
record IpRange(BigInteger network, int prefixLength, int addressLength) {

    /** What Java reads as an address, or refuses, without asking for a name. */
    private static final Pattern LITERAL = Pattern.compile("BYTE(\\.BYTE){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*(\\.BYTE){0,3}"
            .replace("BYTE", "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"));

    /** Reads an address, or a network such as {@code 10.0.0.0/8} or {@code fd00::/8}.
     *
     * @throws MalformedPolicyException when it is neither
     */
    static IpRange parse(String text) throws MalformedPolicyException {
        int slash = text.indexOf('/');
        Optional<byte[]> address = address(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            throw malformed(text);
        }
        int addressLength = address.get().length * Byte.SIZE;
        int prefixLength = slash < 0 ? addressLength : prefixLength(text, slash + 1);
        if (prefixLength > addressLength) {
            throw malformed(text);
        }
        return new IpRange(prefix(address.get(), prefixLength), prefixLength, addressLength);
    }

    /** Whether a text is an address of this range; anything else is not. */
    boolean contains(String text) {
        return address(text)
                .filter(address -> address.length * Byte.SIZE == addressLength)
                .filter(address -> prefix(address, prefixLength).equals(network))
                .isPresent();
    }

    private static int prefixLength(String text, int from) throws MalformedPolicyException {
        String digits = text.substring(from);
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed(text);
        }
        return Integer.parseInt(digits);
    }

    private static BigInteger prefix(byte[] address, int length) {
        return new BigInteger(1, address).shiftRight(address.length * Byte.SIZE - length);
    }

    private static Optional<byte[]> address(String text) {
        if (!LITERAL.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException noAddress) {
            return Optional.empty();
        }
    }

    private static MalformedPolicyException malformed(String text) {
        return new MalformedPolicyException("wanted is an address or a network like 10.0.0.0/8, but found " + text);
    }
}
