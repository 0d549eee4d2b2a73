package dev.roundtrip.things;

import dev.roundtrip.protocol.Topic;
import java.util.regex.Pattern;

/** The topic at and below which the things of a directory may publish and listen. It stands in their policy, so it has
 * none of the characters that mean something there.
 *
 * @param value 1 to 100 letters, digits and any of {@code _ - . :} in at most four levels
 */
record TopicRoot(String value) {
    static final String DEFAULT = "things";
    private static final int MAX_LENGTH = 100;
    private static final Pattern RULE = Pattern.compile("[\\w.:-]+(/[\\w.:-]+){0,3}");

    /** @throws IllegalArgumentException when the value is something else */
    TopicRoot {
        if (value.length() > MAX_LENGTH || !RULE.matcher(value).matches()) {
            throw new IllegalArgumentException("the topic must have one to four levels of letters, digits and any of"
                    + " _ - . : with a slash between them, and at most " + MAX_LENGTH + " characters");
        }
    }

    /** The topic of a user, which must be allowed.
     *
     * @throws IllegalArgumentException when it is no topic, or not at or below this one
     */
    Topic topic(String text) {
        requireBelow(text);
        return new Topic(text);
    }

    /** The topic filter of a user, which must be allowed.
     *
     * @throws IllegalArgumentException when it is no topic filter, or not at or below this topic
     */
    String filter(String text) {
        requireBelow(text);
        String[] levels = text.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            boolean isWildcard = levels[i].equals("+") || (levels[i].equals("#") && i == levels.length - 1);
            if (!isWildcard && (levels[i].contains("+") || levels[i].contains("#"))) {
                throw new IllegalArgumentException(
                        "in a topic filter + is a whole level, and # is the whole last level");
            }
        }
        // The limits of a topic hold for a filter too.
        var unused = new Topic(text.replace('+', 'x').replace('#', 'x'));
        return text;
    }

    /** What the things of the directory publish. */
    String filterOfAll() {
        return value + "/#";
    }

    private void requireBelow(String text) {
        if (!text.equals(value) && !text.startsWith(value + "/")) {
            throw new IllegalArgumentException("it must be " + value + " or begin with " + value
                    + "/, because the policy of these things allows nothing else; for another topic make things in a"
                    + " directory of their own, with create --directory DIR --topic TOPIC");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
