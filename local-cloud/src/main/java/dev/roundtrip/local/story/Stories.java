package dev.roundtrip.local.story;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.MessageId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins the entries of a journal to calls, entry by entry in their order. Not thread-safe.
 *
 * <p>What a request has at the API goes by its request id, and its messages go by the call's id; the answer to the
 * caller names both, and joins them. Bounded: the oldest calls are forgotten first.
 */
public final class Stories {
    /** How many calls are kept at most when all of a journal is read; our choice, more than a journal has. */
    private static final int MOST = 65_536;

    /** How many steps of one call are kept; our choice, ten times what a call with repetitions has. */
    private static final int MOST_STEPS = 256;

    /** How many calls of one device are looked at for a message that may be an answer to any of them; our choice. */
    private static final int MOST_SUSPECTS = 64;

    /** How long a refusal of the gateway's connection explains that it is unavailable; our choice. */
    private static final long REFUSAL_COUNTS_NANOS = 5_000_000_000L;

    private static final int BATCH = 4_096;
    private static final int UNAVAILABLE = 503;

    private final String prefix;
    private final int most;
    /** Whether what is before the first entry is lost. */
    private final boolean beginsInTheMiddle;

    private final Map<MessageId, Draft> byId;
    private final Map<String, Draft> byRequest;
    private final Map<String, Set<Draft>> openByTarget = new HashMap<>();
    private final Map<String, Entry> lastPresence;
    private final Map<String, Entry> firstPresence;
    private @Nullable Entry gatewayRefusal;

    /** What is known of a call so far. */
    private static final class Draft {
        private final List<Entry> steps = new ArrayList<>(12);
        private @Nullable MessageId id;
        private @Nullable String requestId;
        private @Nullable CallTopic request;
        private @Nullable Entry end;
        private @Nullable Outcome outcome;
        private @Nullable Entry before;
        private boolean cut;

        void add(Entry entry) {
            if (steps.size() < MOST_STEPS) {
                steps.add(entry);
            } else {
                cut = true;
            }
        }

        boolean has(Step step) {
            return steps.stream().anyMatch(each -> each.step() == step);
        }

        long first() {
            return steps.stream().mapToLong(Entry::sequence).min().orElse(0);
        }
    }

    /** A map that forgets its oldest. */
    private static final class Bounded<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1;
        private final int most;

        Bounded(int most) {
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }

    /** Knows nothing yet.
     *
     * @param prefix of the deployment
     * @param most how many calls are kept
     * @param first the number of the first entry that comes
     */
    public Stories(ClientPrefix prefix, int most, long first) {
        this.prefix = prefix.value();
        this.most = most;
        this.beginsInTheMiddle = first > 0;
        this.byId = new Bounded<>(most);
        this.byRequest = new Bounded<>(most);
        this.lastPresence = new Bounded<>(ClientRecords.MOST);
        this.firstPresence = new Bounded<>(ClientRecords.MOST);
    }

    /** Reads all of a journal, once. */
    public static Stories of(Journal journal, ClientPrefix prefix) {
        long next = journal.first();
        Stories stories = new Stories(prefix, MOST, next);
        long end = journal.next();
        while (next < end) {
            List<Entry> entries = journal.entries(next, BATCH);
            if (entries.isEmpty()) {
                break;
            }
            entries.forEach(stories::add);
            next = entries.getLast().sequence() + 1;
        }
        return stories;
    }

    /** Takes the next entry.
     *
     * @return the call that ended with it; null for none
     */
    public @Nullable Story add(Entry entry) {
        return switch (entry.step()) {
            case RECEIVED, AUTHORIZED, HANDED_OVER, FUNCTION_FAILED -> {
                ofRequest(entry);
                yield null;
            }
            case REFUSED, TOLD -> end(entry);
            case PUBLISHED, PUBLISH_REFUSED, MATCHED, UNMATCHED, SENT, ACKNOWLEDGED, DROPPED, FAULT -> {
                message(entry);
                yield null;
            }
            case CONNECTED, DISCONNECTED -> {
                presence(entry);
                yield null;
            }
            case CONNECT_REFUSED, SUBSCRIBE_REFUSED -> {
                if (isOfGateway(entry.client())) {
                    gatewayRefusal = entry;
                }
                yield null;
            }
            case SUBSCRIBED, UNSUBSCRIBED -> null;
        };
    }

    private boolean isOfGateway(@Nullable String client) {
        return client != null && client.startsWith(prefix + ".");
    }

    private void ofRequest(Entry entry) {
        if (entry.subject() != null) {
            request(entry.subject()).add(entry);
        }
    }

    private Draft request(String requestId) {
        return byRequest.computeIfAbsent(requestId, absent -> {
            Draft draft = new Draft();
            draft.requestId = absent;
            return draft;
        });
    }

    private Draft call(MessageId id) {
        return byId.computeIfAbsent(id, absent -> {
            Draft draft = new Draft();
            draft.id = absent;
            return draft;
        });
    }

    private @Nullable Story end(Entry entry) {
        if (entry.subject() == null) {
            return null;
        }
        Draft draft = request(entry.subject());
        draft.add(entry);
        draft.end = entry;
        draft.outcome = Outcome.of(entry);
        MessageId id = entry.step() == Step.TOLD ? id(entry.detail()) : null;
        if (id != null) {
            Draft messages = byId.put(id, draft);
            draft.id = id;
            if (messages != null && messages != draft) {
                messages.steps.forEach(draft::add);
                draft.request = messages.request;
                draft.before = messages.before;
                draft.cut |= messages.cut;
                close(messages);
            }
        }
        Entry refusal = gatewayRefusal;
        if (refusal != null
                && entry.code() == UNAVAILABLE
                && entry.nanos() - refusal.nanos() < REFUSAL_COUNTS_NANOS
                && draft.request == null) {
            draft.add(refusal);
        }
        return story(draft);
    }

    private static @Nullable MessageId id(@Nullable String text) {
        try {
            return text == null ? null : MessageId.of(text);
        } catch (MalformedNameException none) {
            return null;
        }
    }

    private void message(Entry entry) {
        CallTopic topic = CallTopic.of(entry.subject());
        if (topic != null) {
            boolean known = byId.containsKey(topic.id());
            Draft draft = call(topic.id());
            draft.add(entry);
            if (topic.kind() == CallTopic.Kind.REQUEST && draft.request == null) {
                begin(draft, topic);
            }
            if (known || topic.kind() == CallTopic.Kind.REQUEST) {
                return;
            }
        }
        if ((entry.step() == Step.PUBLISHED || entry.step() == Step.PUBLISH_REFUSED) && entry.client() != null) {
            suspect(entry, entry.client());
        }
    }

    private void begin(Draft draft, CallTopic request) {
        draft.request = request;
        String target = request.route().target().value();
        draft.before = lastPresence.get(target);
        if (draft.end == null) {
            Set<Draft> open = openByTarget.computeIfAbsent(target, absent -> new LinkedHashSet<>());
            open.add(draft);
            if (open.size() > most || openByTarget.size() > most) {
                close(open.iterator().next());
            }
        }
    }

    private void close(Draft draft) {
        if (draft.request != null) {
            openByTarget.computeIfPresent(draft.request.route().target().value(), (target, open) -> {
                open.remove(draft);
                return open.isEmpty() ? null : open;
            });
        }
    }

    /** A message that names no call may be meant as an answer of its publisher; one that was refused always, for nobody
     * knows its payload.
     */
    private void suspect(Entry entry, String publisher) {
        String topic = String.valueOf(entry.subject());
        boolean looksLikeAnswer =
                entry.step() == Step.PUBLISH_REFUSED || (topic.startsWith(prefix + "/") && topic.endsWith("/ack"));
        String payload = entry.payload() == null ? "" : new String(entry.payload(), StandardCharsets.ISO_8859_1);
        openByTarget.getOrDefault(publisher, Set.of()).stream()
                .limit(MOST_SUSPECTS)
                .filter(draft -> looksLikeAnswer
                        || topic.contains(String.valueOf(draft.id))
                        || payload.contains(String.valueOf(draft.id)))
                .forEach(draft -> draft.add(entry));
    }

    private void presence(Entry entry) {
        boolean replaced = "DUPLICATE_CLIENTID".equals(entry.detail()) && entry.step() == Step.DISCONNECTED;
        if (entry.client() != null && !replaced && !isOfGateway(entry.client())) {
            lastPresence.put(entry.client(), entry);
            firstPresence.putIfAbsent(entry.client(), entry);
        }
    }

    private Story story(Draft draft) {
        List<Entry> steps = new ArrayList<>(draft.steps);
        steps.sort(Comparator.comparingLong(Entry::sequence));
        CallTopic request = draft.request;
        boolean lacks = draft.cut || (beginsInTheMiddle && !draft.has(Step.RECEIVED));
        Story story = new Story(
                draft.id,
                draft.requestId,
                request == null ? null : request.route(),
                steps,
                draft.end,
                draft.outcome,
                lacks,
                draft.before,
                null);
        String target = story.target();
        if (draft.before != null || target == null) {
            return story;
        }
        Entry first = firstPresence.get(target);
        boolean before = first != null
                && request == null
                && first.sequence() < story.first().sequence();
        return new Story(
                story.id(),
                story.requestId(),
                story.route(),
                story.steps(),
                story.end(),
                story.outcome(),
                lacks,
                before ? lastPresence.get(target) : null,
                before ? null : first);
    }

    /** The call of an id or a request id; null when the journal has none. */
    public @Nullable Story find(String name) {
        Draft draft = byRequest.get(name);
        MessageId id = draft == null ? id(name) : null;
        if (id != null) {
            draft = byId.get(id);
        }
        return draft == null || !isCall(draft) ? null : story(draft);
    }

    /** An answer that nobody asked for is no call. */
    private static boolean isCall(Draft draft) {
        return draft.request != null || draft.requestId != null;
    }

    /** All calls, the newest first. A call that runs is known by its id, or by its request id before its first message;
     * nobody knows which belong to each other unless there is one of each.
     */
    public List<Story> newestFirst() {
        Set<Draft> drafts = new LinkedHashSet<>(byRequest.values());
        byId.values().stream().filter(Stories::isCall).forEach(drafts::add);
        List<Draft> handedOver = drafts.stream()
                .filter(draft -> draft.end == null && draft.id == null && draft.has(Step.HANDED_OVER))
                .toList();
        List<Draft> published = drafts.stream()
                .filter(draft -> draft.end == null && draft.requestId == null)
                .toList();
        if (!published.isEmpty()) {
            handedOver.forEach(drafts::remove);
        }
        if (published.size() == 1
                && handedOver.size() == 1
                && handedOver.getFirst().first() < published.getFirst().first()) {
            drafts.remove(published.getFirst());
            drafts.add(joined(handedOver.getFirst(), published.getFirst()));
        }
        return drafts.stream()
                .map(this::story)
                .sorted(Comparator.comparingLong((Story story) -> story.first().sequence())
                        .reversed())
                .toList();
    }

    private static Draft joined(Draft request, Draft messages) {
        Draft both = new Draft();
        request.steps.forEach(both::add);
        messages.steps.forEach(both::add);
        both.id = messages.id;
        both.requestId = request.requestId;
        both.request = messages.request;
        both.before = messages.before;
        both.cut = messages.cut;
        return both;
    }
}
