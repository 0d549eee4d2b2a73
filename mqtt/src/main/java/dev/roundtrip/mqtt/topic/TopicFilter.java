package dev.roundtrip.mqtt.topic;

import java.util.Optional;

/** A topic filter whose wildcards stand where they may.
 *
 * @param text as the client wrote it
 * @param group the name of the shared subscription, empty when it is not shared
 * @param filter the filter itself, without {@code $share/<group>/}
 */
public record TopicFilter(String text, String group, String filter) {
    private static final String SHARE = "$share/";

    /** Reads a filter; empty when it is none. */
    public static Optional<TopicFilter> parse(String text) {
        if (!text.startsWith(SHARE)) {
            return isFilter(text) ? Optional.of(new TopicFilter(text, "", text)) : Optional.empty();
        }
        int slash = text.indexOf('/', SHARE.length());
        if (slash < 0) {
            return Optional.empty();
        }
        String group = text.substring(SHARE.length(), slash);
        String filter = text.substring(slash + 1);
        boolean valid = !group.isEmpty() && !hasWildcard(group) && isFilter(filter);
        return valid ? Optional.of(new TopicFilter(text, group, filter)) : Optional.empty();
    }

    private static boolean isFilter(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            boolean last = i == text.length() - 1;
            boolean levelStarts = i == 0 || text.charAt(i - 1) == '/';
            if (character == '#' && !(levelStarts && last)) {
                return false;
            }
            if (character == '+' && !(levelStarts && (last || text.charAt(i + 1) == '/'))) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasWildcard(String text) {
        return text.indexOf('+') >= 0 || text.indexOf('#') >= 0;
    }

    /** Tells whether one message may go to any of several clients, but to one only. */
    public boolean isShared() {
        return !group.isEmpty();
    }

    /** Tells whether it has {@code +} or {@code #}; a subscription with one gets no retained messages. */
    public boolean isWildcard() {
        return hasWildcard(filter);
    }

    /** Tells whether a topic matches, by the rules of the broker: {@code a/#} does not match {@code a}, and a filter
     * that begins with a wildcard matches no topic that begins with {@code $}.
     */
    public boolean matches(String topic) {
        boolean startsWithWildcard = filter.startsWith("+") || filter.startsWith("#");
        if (startsWithWildcard && topic.startsWith("$")) {
            return false;
        }
        String[] wanted = filter.split("/", -1);
        String[] levels = topic.split("/", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("#")) {
                return levels.length > i;
            }
            if (i >= levels.length || !(wanted[i].equals("+") || wanted[i].equals(levels[i]))) {
                return false;
            }
        }
        return wanted.length == levels.length;
    }
}
