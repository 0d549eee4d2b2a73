package dev.roundtrip.mqtt.topic;

/** How long and deep topics may be, and which reserved ones a client may use.
 *
 * <p>Source: AWS IoT Core message broker limits ("Topic size", "Maximum number of slashes in topic and topic filter")
 * and the AWS IoT developer guide, "Reserved topics".
 *
 * @param maxBytes the longest topic or filter in bytes of UTF-8
 * @param maxSlashes the most slashes; reserved topics ({@code $aws/…}) have as many as they need
 */
public record TopicRules(int maxBytes, int maxSlashes) {
    private static final String RESERVED = "$aws/";
    private static final String BASIC_INGEST = "$aws/rules/";
    private static final String EVENTS = "$aws/events/";

    /** Tells whether the text is a topic that a message may have. */
    public boolean allowsName(String topic) {
        return !topic.isEmpty() && topic.indexOf('+') < 0 && topic.indexOf('#') < 0 && fits(topic);
    }

    /** Tells whether the filter is as short and flat as it must be; {@code $share/<group>/} does not count. */
    public boolean allowsFilter(TopicFilter filter) {
        return fits(filter.filter());
    }

    private boolean fits(String text) {
        return utf8Length(text) <= maxBytes && countedSlashes(text) <= maxSlashes;
    }

    private static int utf8Length(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            length += character < 0x80 ? 1 : character < 0x800 ? 2 : Character.isSurrogate(character) ? 2 : 3;
        }
        return length;
    }

    private static int countedSlashes(String text) {
        int from = 0;
        if (text.startsWith(BASIC_INGEST)) {
            int afterRule = text.indexOf('/', BASIC_INGEST.length());
            from = afterRule < 0 ? text.length() : afterRule + 1;
        } else if (text.startsWith(RESERVED)) {
            from = text.length();
        }
        int slashes = 0;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '/') {
                slashes++;
            }
        }
        return slashes;
    }

    /** Tells whether a client may publish there at all, unless a service takes it: below {@code $} only to rules. */
    public boolean mayBePublished(String topic) {
        return !topic.startsWith("$") || isBasicIngest(topic);
    }

    /** Tells whether a topic or filter is below {@code $aws/}. */
    public static boolean isReserved(String topic) {
        return topic.startsWith(RESERVED);
    }

    /** Tells whether a service may own the topics of a filter. */
    public static boolean isOwnable(String filter) {
        return isReserved(filter)
                && !filter.startsWith(EVENTS)
                && !filter.startsWith(BASIC_INGEST)
                && !filter.startsWith(RESERVED + "+")
                && !filter.endsWith("#");
    }

    /** Tells whether a client may subscribe there at all: below {@code $} only where a service of AWS IoT speaks. */
    public boolean mayBeSubscribed(TopicFilter filter) {
        return !filter.filter().startsWith("$") || filter.filter().startsWith(RESERVED);
    }

    /** Tells whether the topic goes to a rule alone and to no subscriber: basic ingest. */
    public static boolean isBasicIngest(String topic) {
        return topic.startsWith(BASIC_INGEST);
    }
}
