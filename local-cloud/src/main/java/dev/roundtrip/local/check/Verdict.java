package dev.roundtrip.local.check;

/** What came of a rule.
 *
 * @param rule which
 * @param finding whether the device keeps it
 * @param remark what was seen, a few words; may be empty
 */
public record Verdict(Rule rule, Finding finding, String remark) {

    /** Whether a device keeps a rule. */
    public enum Finding {
        KEPT,
        BROKEN,
        /** It could not be seen. */
        UNSEEN
    }

    static Verdict kept(Rule rule, String remark) {
        return new Verdict(rule, Finding.KEPT, remark);
    }

    static Verdict broken(Rule rule, String remark) {
        return new Verdict(rule, Finding.BROKEN, remark);
    }

    static Verdict unseen(Rule rule, String remark) {
        return new Verdict(rule, Finding.UNSEEN, remark);
    }
}
