package dev.roundtrip.invoke.dataplane;

import java.util.List;

/** MQTT's filters. Source: MQTT 5.0, section 4.7; AWS IoT differs in that {@code a/#} does not match {@code a}. */
final class TopicFilters {
    private static final String SHARE = "$share/";

    private TopicFilters() {}

    /** Whether a filter, shared or not, matches a topic that does not begin with {@code $}. */
    static boolean match(String filter, String topic) {
        String own = filter;
        if (filter.startsWith(SHARE)) {
            int afterGroup = filter.indexOf('/', SHARE.length());
            if (afterGroup < 0) {
                return false;
            }
            own = filter.substring(afterGroup + 1);
        }
        List<String> levels = List.of(topic.split("/", -1));
        List<String> wanted = List.of(own.split("/", -1));
        for (int i = 0; i < wanted.size(); i++) {
            String want = wanted.get(i);
            if (i >= levels.size()) {
                return false;
            }
            if (want.equals("#")) {
                return true;
            }
            if (!want.equals("+") && !want.equals(levels.get(i))) {
                return false;
            }
        }
        return wanted.size() == levels.size();
    }
}
