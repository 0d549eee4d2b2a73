package dev.roundtrip.mqtt.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SubscriptionTreeTest {
    private record Receiver(String filter) {}

    @Test
    void multi_level_wildcard_does_not_match_its_parent() {
        SubscriptionTree<Receiver> tree = treeOf(List.of("a/#"));

        assertThat(tree.match("a")).isEmpty();
        assertThat(tree.match("a/")).hasSize(1);
        assertThat(tree.match("a/b/c")).hasSize(1);
    }

    @Test
    void leading_wildcard_does_not_match_reserved_topics() {
        SubscriptionTree<Receiver> tree = treeOf(List.of("#", "+/events", "$aws/#", "$aws/+"));

        assertThat(tree.match("$aws/events"))
                .extracting(Receiver::filter)
                .containsExactlyInAnyOrder("$aws/#", "$aws/+");
    }

    @Property
    void tree_finds_what_comparing_level_by_level_finds(
            @ForAll("filters") List<String> filters, @ForAll("topic") String topic) {
        SubscriptionTree<Receiver> tree = treeOf(filters);

        List<String> expected =
                filters.stream().filter(filter -> matches(filter, topic)).toList();

        assertThat(tree.match(topic)).extracting(Receiver::filter).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Property
    void removed_receivers_are_not_found_and_the_others_still_are(
            @ForAll("filters") List<String> stay,
            @ForAll("filters") List<String> leave,
            @ForAll("topic") String topic) {
        SubscriptionTree<Receiver> tree = treeOf(stay);
        List<Receiver> leaving = new ArrayList<>();
        for (String filter : leave) {
            Receiver receiver = new Receiver(filter);
            leaving.add(receiver);
            tree.add(TopicFilter.parse(filter).orElseThrow(), receiver);
        }

        leaving.forEach(
                receiver -> tree.remove(TopicFilter.parse(receiver.filter()).orElseThrow(), receiver));

        List<String> expected =
                stay.stream().filter(filter -> matches(filter, topic)).toList();
        assertThat(tree.match(topic)).extracting(Receiver::filter).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Provide
    Arbitrary<List<String>> filters() {
        Arbitrary<String> level = Arbitraries.of("a", "b", "", "+", "$x");
        return level.list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(levels -> String.join("/", levels))
                .flatMap(filter -> Arbitraries.of(filter, filter + "/#", "#"))
                .filter(filter -> !filter.isEmpty())
                .list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<String> topic() {
        return Arbitraries.of("a", "b", "", "$x", "c")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(levels -> String.join("/", levels))
                .filter(topic -> !topic.isEmpty());
    }

    /** MQTT 3.1.1, section 4.7, but for the parent of a multi-level wildcard. */
    private static boolean matches(String filter, String topic) {
        String[] wanted = filter.split("/", -1);
        String[] given = topic.split("/", -1);
        if (topic.startsWith("$") && (wanted[0].equals("+") || wanted[0].equals("#"))) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("#")) {
                return given.length > i;
            }
            if (i >= given.length || (!wanted[i].equals("+") && !wanted[i].equals(given[i]))) {
                return false;
            }
        }
        return wanted.length == given.length;
    }

    private static SubscriptionTree<Receiver> treeOf(List<String> filters) {
        SubscriptionTree<Receiver> tree = new SubscriptionTree<>();
        for (String filter : filters) {
            tree.add(TopicFilter.parse(filter).orElseThrow(), new Receiver(filter));
        }
        return tree;
    }
}
