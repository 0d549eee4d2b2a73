package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Command;
import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.protocol.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A broker that can be down, or slow, or vanish without a word. */
public final class StoryBroker implements MqttChannel.Connector {
    final List<StoryChannel> channels = new CopyOnWriteArrayList<>();
    final AtomicInteger broken = new AtomicInteger();
    volatile boolean down;
    volatile boolean breakingAll;
    volatile CountDownLatch slow = new CountDownLatch(0);
    volatile Consumer<String> subscribing = filter -> {};

    /** The last connection breaks, and its client notices. */
    public void pullTheCable() {
        StoryChannel last = channels.getLast();
        last.open = false;
        last.listener.lost("a cable was pulled");
    }

    /** Whether the last connection subscribes a topic. */
    public boolean isHeard(Topic topic) {
        return channels.getLast().granted.stream().anyMatch(filter -> {
            String[] levels = filter.split("/", -1);
            String[] named = topic.value().split("/", -1);
            return levels.length == named.length
                    && IntStream.range(0, levels.length)
                            .allMatch(i -> levels[i].equals("+") || levels[i].equals(named[i]));
        });
    }

    @Override
    public MqttChannel open(MqttChannel.Listener listener, Deadline deadline) throws MqttException {
        StoryChannel channel = new StoryChannel(listener);
        channels.add(channel);
        try {
            slow.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (down) {
            throw new MqttException(MqttException.Kind.UNAVAILABLE, "the broker is down");
        }
        return channel;
    }

    /** One connection to it. */
    final class StoryChannel implements MqttChannel {
        final Listener listener;
        final ConcurrentLinkedQueue<String> subscribed = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<String> unsubscribed = new ConcurrentLinkedQueue<>();
        final Set<String> granted = ConcurrentHashMap.newKeySet();
        final ConcurrentLinkedQueue<Command> published = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Acknowledgement> acknowledgements = new ConcurrentLinkedQueue<>();
        volatile boolean open = true;
        volatile boolean left;
        volatile boolean vanished;
        volatile boolean full;
        volatile boolean breaking;
        volatile Duration silence = Duration.ZERO;

        StoryChannel(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void subscribe(String filter, Deadline deadline) throws MqttException {
            if (vanished || !open) {
                throw new MqttException(MqttException.Kind.UNAVAILABLE, "nothing was heard");
            }
            silence = Duration.ZERO;
            subscribing.accept(filter);
            if (full) {
                throw new MqttException(MqttException.Kind.THROTTLED, "too many subscriptions");
            }
            subscribed.add(filter);
            granted.add(filter);
        }

        @Override
        public void unsubscribe(String filter) {
            unsubscribed.add(filter);
            granted.remove(filter);
        }

        @Override
        public void publish(Command command, Acknowledgement acknowledgement) throws MqttException {
            if (breaking || breakingAll) {
                open = false;
                broken.incrementAndGet();
                throw new MqttException(MqttException.Kind.UNAVAILABLE, "the connection was lost");
            }
            acknowledgements.add(acknowledgement);
            published.add(command);
        }

        @Override
        public boolean isOpen() {
            return open && !left;
        }

        @Override
        public boolean isConnected() {
            return open;
        }

        @Override
        public long silentNanos() {
            return silence.toNanos();
        }

        @Override
        public void leave() {
            left = true;
        }

        @Override
        public void retire(Deadline patience) {
            close();
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
