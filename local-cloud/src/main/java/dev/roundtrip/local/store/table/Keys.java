package dev.roundtrip.local.store.table;

/** Keys of several parts, in the order of their parts. */
public final class Keys {
    /** No name in AWS IoT contains it, and it comes before every other character. */
    private static final char BETWEEN = '\0';

    private Keys() {}

    /** A key of parts, such as thing and shadow name.
     *
     * @throws IllegalArgumentException when a part contains U+0000
     */
    public static String of(String... parts) {
        for (String part : parts) {
            if (part.indexOf(BETWEEN) >= 0) {
                throw new IllegalArgumentException("a part of a key contains U+0000");
            }
        }
        return String.join(String.valueOf(BETWEEN), parts);
    }

    /** The beginning of all keys whose first parts are these, and that have further ones. */
    public static String prefix(String... parts) {
        return of(parts) + BETWEEN;
    }

    /** A part that is ordered as its number.
     *
     * @param number 0 or more
     * @throws IllegalArgumentException when it is less
     */
    public static String number(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("a number in a key is 0 or more, but this is " + number);
        }
        return "%019d".formatted(number);
    }

    /** The part of a key; the first is 0.
     *
     * @throws IndexOutOfBoundsException when the key has fewer parts
     */
    public static String part(String key, int index) {
        return key.split(String.valueOf(BETWEEN), -1)[index];
    }
}
