package dev.roundtrip.mqtt.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the receivers of a topic among many filters; a tree with one node for each level of a filter.
 *
 * <p>Thread-safe: lookups take no lock and see each change whole; changes wait for each other.
 *
 * @param <R> a receiver, compared by identity
 */
public final class SubscriptionTree<R> {
    private final Node<R> root = new Node<>();

    /** One level of filters. Receivers are copied on write, so that a lookup reads an array that never changes. */
    private static final class Node<R> {
        private final Map<String, Node<R>> children = new ConcurrentHashMap<>(2);
        private volatile @Nullable Node<R> anyChild;
        private volatile List<R> here = List.of();
        private volatile List<R> below = List.of();

        boolean isEmpty() {
            return children.isEmpty() && anyChild == null && here.isEmpty() && below.isEmpty();
        }

        @Nullable Node<R> child(String level) {
            return level.equals("+") ? anyChild : children.get(level);
        }

        Node<R> childOrNew(String level) {
            Node<R> child = child(level);
            if (child == null) {
                child = new Node<>();
                if (level.equals("+")) {
                    anyChild = child;
                } else {
                    children.put(level, child);
                }
            }
            return child;
        }

        void prune(String level) {
            if (level.equals("+")) {
                anyChild = null;
            } else {
                children.remove(level);
            }
        }
    }

    /** Adds a receiver; it must not be there under the same filter. */
    public synchronized void add(TopicFilter filter, R receiver) {
        Node<R> node = root;
        for (String level : filter.filter().split("/", -1)) {
            if (level.equals("#")) {
                node.below = with(node.below, receiver);
                return;
            }
            node = node.childOrNew(level);
        }
        node.here = with(node.here, receiver);
    }

    /** Removes a receiver; does nothing when it is not there. */
    public synchronized void remove(TopicFilter filter, R receiver) {
        remove(root, filter.filter().split("/", -1), 0, receiver);
    }

    private void remove(Node<R> node, String[] levels, int depth, R receiver) {
        if (depth == levels.length) {
            node.here = without(node.here, receiver);
            return;
        }
        String level = levels[depth];
        if (level.equals("#")) {
            node.below = without(node.below, receiver);
            return;
        }
        Node<R> child = node.child(level);
        if (child != null) {
            remove(child, levels, depth + 1, receiver);
            if (child.isEmpty()) {
                node.prune(level);
            }
        }
    }

    private static <R> List<R> with(List<R> receivers, R receiver) {
        List<R> more = new ArrayList<>(receivers.size() + 1);
        more.addAll(receivers);
        more.add(receiver);
        return List.copyOf(more);
    }

    @SuppressWarnings("ReferenceEquality") // A receiver is itself, whatever it holds.
    private static <R> List<R> without(List<R> receivers, R receiver) {
        return receivers.stream().filter(each -> each != receiver).toList();
    }

    /** Everybody who subscribed to a filter that matches: {@code a/#} does not match {@code a}, and a filter that
     * starts with a wildcard does not match a topic that starts with {@code $}.
     *
     * @return receivers in no order; one that subscribed to two matching filters as two receivers is there twice
     */
    public List<R> match(String topic) {
        List<R> found = new ArrayList<>(2);
        match(root, topic, 0, found);
        return found;
    }

    private void match(Node<R> node, String topic, int from, List<R> found) {
        boolean wildcardsMatch = from > 0 || !topic.startsWith("$");
        if (wildcardsMatch && !node.below.isEmpty()) {
            found.addAll(node.below);
        }
        int slash = topic.indexOf('/', from);
        String level = topic.substring(from, slash < 0 ? topic.length() : slash);
        Node<R> exact = node.children.get(level);
        if (exact != null) {
            descend(exact, topic, slash, found);
        }
        Node<R> any = node.anyChild;
        if (wildcardsMatch && any != null) {
            descend(any, topic, slash, found);
        }
    }

    private void descend(Node<R> child, String topic, int slash, List<R> found) {
        if (slash >= 0) {
            match(child, topic, slash + 1, found);
        } else if (!child.here.isEmpty()) {
            found.addAll(child.here);
        }
    }
}
