package dev.roundtrip.local.faults;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Parts of a whole, as people write them: {@code 0.05}. */
final class Shares {
    private static final Pattern TEXT = Pattern.compile("[01]|[01]?\\.[0-9]{1,9}");

    private Shares() {}

    /** @throws IllegalArgumentException when it is no number from 0 to 1 */
    static double read(String name, String text) {
        double share = TEXT.matcher(text).matches() ? Double.parseDouble(text) : -1;
        if (share < 0 || share > 1) {
            throw new IllegalArgumentException(name + " must be a part of all messages, 0 to 1, but is '" + text
                    + "'; write " + name + "=0.05 for one in twenty");
        }
        return share;
    }

    static String text(double share) {
        return BigDecimal.valueOf(share).stripTrailingZeros().toPlainString();
    }
}
