package dev.roundtrip.local.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The target of a request line, taken apart and left as sent.
 *
 * @param path starts with a slash
 * @param query without its question mark; empty when there is none
 */
public record RequestTarget(String path, String query) {

    /** Characters that a URL must not have as they are; API Gateway refuses braces and the pipe too. */
    private static final String FORBIDDEN = "\"#<>\\^`{|}";

    /** Takes origin form and absolute form.
     *
     * @return empty when it is no URL, or is not properly percent-encoded
     */
    static Optional<RequestTarget> parse(String target) {
        String origin = target;
        if (target.startsWith("http://") || target.startsWith("https://")) {
            int slash = target.indexOf('/', target.indexOf("//") + 2);
            origin = slash < 0 ? "/" : target.substring(slash);
        }
        if (!origin.startsWith("/") || !isWellFormed(origin)) {
            return Optional.empty();
        }
        int question = origin.indexOf('?');
        return Optional.of(
                question < 0
                        ? new RequestTarget(origin, "")
                        : new RequestTarget(origin.substring(0, question), origin.substring(question + 1)));
    }

    /** The decoded values of each parameter, in the order sent; {@code +} is a space. Empty when there are none. */
    public static Map<String, List<String>> parameters(String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (int from = 0; from < query.length(); ) {
            int ampersand = query.indexOf('&', from);
            int to = ampersand < 0 ? query.length() : ampersand;
            if (to > from) {
                int equals = query.indexOf('=', from);
                boolean hasValue = equals >= 0 && equals < to;
                String name = decode(query.substring(from, hasValue ? equals : to));
                String value = hasValue ? decode(query.substring(equals + 1, to)) : "";
                parameters.computeIfAbsent(name, absent -> new ArrayList<>(1)).add(value);
            }
            from = to + 1;
        }
        return parameters;
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static boolean isWellFormed(String target) {
        for (int i = 0; i < target.length(); i++) {
            char character = target.charAt(i);
            if (character <= ' ' || character > '~' || FORBIDDEN.indexOf(character) >= 0) {
                return false;
            }
            if (character == '%' && !(isHexDigit(target, i + 1) && isHexDigit(target, i + 2))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHexDigit(String text, int position) {
        return position < text.length() && Character.digit(text.charAt(position), 16) >= 0;
    }
}
