package dev.roundtrip.local.http.operation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The parameters of a query; names that nobody asks for are passed over. */
public final class QueryValues {
    private static final long MAX_UNSIGNED = 0xFFFF_FFFFL;

    private final Map<String, String> values = new HashMap<>();

    /** @throws Refusal when the query is not percent-encoded, or names a parameter twice */
    public QueryValues(String query) throws Refusal {
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (values.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
                throw Refusal.invalid("a query parameter is given twice");
            }
        }
    }

    /** Decodes a name or a value, where {@code +} is a space. */
    public static String decode(String encoded) throws Refusal {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char character = encoded.charAt(i);
            switch (character) {
                case '+' -> bytes.write(' ');
                case '%' -> {
                    bytes.write(octet(encoded, i + 1));
                    i += 2;
                }
                default -> {
                    if (character > 0x7f) {
                        throw Refusal.invalid("the address is not percent-encoded");
                    }
                    bytes.write(character);
                }
            }
        }
        try {
            return Utf8.decode(bytes.toByteArray());
        } catch (CharacterCodingException malformed) {
            throw Refusal.invalid("the address is not in UTF-8");
        }
    }

    private static int octet(String encoded, int from) throws Refusal {
        if (from + 2 > encoded.length()
                || !HexFormat.isHexDigit(encoded.charAt(from))
                || !HexFormat.isHexDigit(encoded.charAt(from + 1))) {
            throw Refusal.invalid("the address is not percent-encoded");
        }
        return HexFormat.fromHexDigits(encoded, from, from + 2);
    }

    @Nullable public String text(String name) {
        return values.get(name);
    }

    public String required(String name) throws Refusal {
        String value = values.get(name);
        if (value == null || value.isEmpty()) {
            throw Refusal.invalid("the parameter " + name + " is missing");
        }
        return value;
    }

    /** False when it is absent. */
    public boolean flag(String name) throws Refusal {
        return switch (values.get(name)) {
            case null -> false;
            case "true", "TRUE" -> true;
            case "false", "FALSE" -> false;
            default -> throw Refusal.invalid(name + " must be true or false");
        };
    }

    public int number(String name, int absent, int least, int most) throws Refusal {
        String value = values.get(name);
        if (value == null) {
            return absent;
        }
        int number = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : -1;
        if (number < least || number > most) {
            throw Refusal.invalid(name + " must be a whole number from " + least + " to " + most);
        }
        return number;
    }

    /** A whole number from 0 to 2^32−1; empty when it is absent. */
    public OptionalLong unsigned(String name) throws Refusal {
        String value = values.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        long number = value.matches("[0-9]{1,10}") ? Long.parseLong(value) : -1;
        if (number < 0 || number > MAX_UNSIGNED) {
            throw Refusal.invalid(name + " must be a whole number from 0 to " + MAX_UNSIGNED);
        }
        return OptionalLong.of(number);
    }
}
