package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Deadline;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.WireId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One answer topic for each call: right where hundreds of processes share a prefix.
 *
 * <p>One spare id is subscribed ahead, while a call waits for its device, so that the next call pays for no subscribe.
 */
final class PerCall implements AckSubscription {
    /** How long the broker may take to confirm a spare: nobody waits for it. */
    private static final Duration SPARE_LIMIT = Duration.ofSeconds(10);

    private final MqttChannel channel;
    private final ClientPrefix prefix;
    private final ConcurrentHashMap<MessageId, CompletableFuture<Void>> subscriptions = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable MessageId> spare = new AtomicReference<>();
    private final AtomicBoolean preparing = new AtomicBoolean();
    /** Calls that were sent over an earlier channel. */
    private volatile Collection<MessageId> inherited = List.of();

    PerCall(MqttChannel channel, ClientPrefix prefix) {
        this.channel = channel;
        this.prefix = prefix;
    }

    @Override
    public void open(Collection<MessageId> waiting, Deadline deadline) throws MqttException {
        verify(deadline);
        inherited = List.copyOf(waiting);
        try {
            for (MessageId id : waiting) {
                listen(id, deadline);
            }
        } catch (MqttException refused) {
            // Not all of them fit. Those that were not sent yet will ask for themselves; the channel works for the
            // others.
            if (refused.kind() != MqttException.Kind.THROTTLED) {
                throw refused;
            }
        }
    }

    @Override
    public void follow(Collection<MessageId> waiting, Deadline deadline) throws MqttException {
        for (MessageId id : inherited) {
            if (!waiting.contains(id)) {
                release(id);
            }
        }
        for (MessageId id : waiting) {
            listen(id, deadline);
        }
    }

    @Override
    public MessageId claim() {
        MessageId ready = spare.getAndSet(null);
        return ready == null ? MessageId.random() : ready;
    }

    @Override
    public void listen(WireId call, Deadline deadline) throws MqttException {
        listen(call.id(), deadline);
    }

    private void listen(MessageId id, Deadline deadline) throws MqttException {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> begun = subscriptions.putIfAbsent(id, mine);
        if (begun == null) {
            subscribe(id, mine, deadline);
        } else {
            await(begun, deadline);
        }
    }

    private void subscribe(MessageId id, CompletableFuture<Void> subscription, Deadline deadline) throws MqttException {
        String filter = Route.answersTo(prefix, id);
        try {
            channel.subscribe(filter, deadline);
            subscription.complete(null);
            if (!subscriptions.containsKey(id)) {
                // Released on the way: what took it back may have reached the broker first.
                channel.unsubscribe(filter);
            }
        } catch (MqttException | RuntimeException failed) {
            subscriptions.remove(id, subscription);
            subscription.completeExceptionally(failed);
            if (!(failed instanceof MqttException refused && refused.kind() == MqttException.Kind.THROTTLED)) {
                // The broker may grant it when nobody waits for that any more.
                channel.unsubscribe(filter);
            }
            throw failed;
        }
    }

    private static void await(CompletableFuture<Void> subscription, Deadline deadline) throws MqttException {
        try {
            subscription.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof MqttException refused
                    ? refused
                    : new MqttException(MqttException.Kind.UNAVAILABLE, "the answer's topic could not be subscribed");
        } catch (TimeoutException late) {
            throw new MqttException(
                    MqttException.Kind.UNAVAILABLE, "the broker did not confirm the answer's topic in time");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MqttException(MqttException.Kind.UNAVAILABLE, "the function is stopping");
        }
    }

    @Override
    public void sent() {
        if (spare.get() == null && preparing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("spare-answer-topic").start(this::prepareSpare);
        }
    }

    private void prepareSpare() {
        try {
            verify(Deadline.after(SPARE_LIMIT, System::nanoTime));
        } catch (MqttException noSpare) {
            // The next call subscribes for itself, and hears from the broker why it cannot.
        } finally {
            preparing.set(false);
        }
    }

    @Override
    public void release(MessageId id) {
        if (subscriptions.remove(id) != null) {
            channel.unsubscribe(Route.answersTo(prefix, id));
        }
    }

    /** Subscribes the spare again, or a new one: a broker that confirms it is alive, and the next call is prepared for.
     *
     * <p>Nobody can claim the spare meanwhile: its call could end and take the subscription back before it is made
     * again.
     */
    @Override
    public void verify(Deadline deadline) throws MqttException {
        MessageId kept = spare.getAndSet(null);
        MessageId ready = kept == null ? MessageId.random() : kept;
        if (kept == null) {
            listen(ready, deadline);
        } else {
            subscribeAgain(kept, deadline);
        }
        if (!spare.compareAndSet(null, ready)) {
            release(ready);
        }
    }

    private void subscribeAgain(MessageId kept, Deadline deadline) throws MqttException {
        try {
            channel.subscribe(Route.answersTo(prefix, kept), deadline);
        } catch (MqttException silent) {
            release(kept);
            throw silent;
        }
    }
}
