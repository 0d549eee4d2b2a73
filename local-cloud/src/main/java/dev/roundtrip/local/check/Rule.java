package dev.roundtrip.local.check;

/** A rule of the contract that a device keeps or breaks. */
public enum Rule {
    ANSWERS(Level.REQUIRED, "answers", "answers each request once, under its id", "On the wire, id"),
    REPEATS(
            Level.REQUIRED,
            "repeats",
            "answers a repeated request the same, and does not run it again",
            "On the wire, id"),
    DEADLINE(Level.REQUIRED, "deadline", "does not run a request whose deadline has passed", "On the wire, deadline"),
    TOPICS(
            Level.REQUIRED,
            "topics",
            "answers on the request's answer topic only, and drops other topics",
            "On the wire, topic"),
    REFUSALS(Level.RECOMMENDED, "refusals", "says that it did not run, and why", "Refusals"),
    KEYS(Level.RECOMMENDED, "keys", "runs once for a key, and answers a repeat with the first outcome", "Keys"),
    LANES(Level.RECOMMENDED, "lanes", "runs ordered requests in their order only", "Order"),
    BEGUN(Level.RECOMMENDED, "begun", "does not run a request again that is still at work", "On the wire, id"),
    SAMPLE(
            Level.RECOMMENDED,
            "sample",
            "stays silent where it does not run a request without deadline",
            "On the wire, deadline"),
    INSTANCE(Level.RECOMMENDED, "instance", "answers a request whose topic has five levels", "On the wire"),
    GARBAGE(Level.RECOMMENDED, "garbage", "drops what is no request, and goes on", "On the wire"),
    SIZES(Level.RECOMMENDED, "sizes", "takes empty and big requests", "A call"),
    RECONNECTS(
            Level.RECOMMENDED, "reconnects", "connects and subscribes again when its connection ends", "On the wire");

    /** Whether a device that breaks the rule can be called at all. */
    public enum Level {
        REQUIRED,
        RECOMMENDED
    }

    private final Level level;
    private final String word;
    private final String sentence;
    private final String place;

    Rule(Level level, String word, String sentence, String place) {
        this.level = level;
        this.word = word;
        this.sentence = sentence;
        this.place = place;
    }

    /** Whether every device must keep it. */
    public Level level() {
        return level;
    }

    /** Its name. */
    public String word() {
        return word;
    }

    /** What a device does that keeps it; the device is the subject. */
    public String sentence() {
        return sentence;
    }

    /** The section of docs/protocol.md that has it. */
    public String place() {
        return place;
    }
}
