package dev.roundtrip.local.journal;

import org.jspecify.annotations.Nullable;

/** Whether there is a journal, how much it keeps, and what is not told of its payloads.
 *
 * @param bounds null when there is no journal
 * @param masks what is not told
 */
public record JournalSettings(Journal.@Nullable Bounds bounds, Masks masks) {
    /** A journal with the usual bounds, which hides nothing. */
    public static final JournalSettings DEFAULT = new JournalSettings(Journal.Bounds.DEFAULT, Masks.NONE);

    /** No journal. */
    public static final JournalSettings OFF = new JournalSettings(null, Masks.NONE);

    /** The same with other masks. */
    public JournalSettings withMasks(Masks other) {
        return new JournalSettings(bounds, other);
    }

    /** The same without payloads. */
    public JournalSettings withoutPayloads() {
        return new JournalSettings(bounds == null ? null : bounds.withoutPayloads(), masks);
    }
}
