package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.StressLedger.Arrival;
import dev.roundtrip.mqtt.StressLedger.Inbox;
import dev.roundtrip.mqtt.StressLedger.Sent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds what the clients of a stress saw against what MQTT promises. */
final class StressJudge {
    private final StressLedger ledger;
    private final List<String> violations = new ArrayList<>();

    StressJudge(StressLedger ledger) {
        this.ledger = ledger;
    }

    /** Messages that the broker acknowledged, and that should have arrived by now: every subscriber is connected, and
     * has read all that there is.
     */
    List<String> stranded() {
        for (List<Inbox> inboxes : receivers()) {
            Set<Integer> arrived = inboxes.stream()
                    .flatMap(inbox -> inbox.arrivals.stream())
                    .map(arrival -> arrival.number)
                    .collect(Collectors.toSet());
            for (Sent message : ledger.sent().values()) {
                if (isOwed(message, inboxes) && !arrived.contains(message.number)) {
                    violations.add("it never arrived: " + message + "\n  " + inboxes);
                }
            }
        }
        return violations;
    }

    /** Everybody who is to get each message once: a session, or the members of a group. */
    private List<List<Inbox>> receivers() {
        Map<String, List<Inbox>> receivers = new TreeMap<>();
        for (Inbox inbox : ledger.inboxes()) {
            if (inbox.isShared()) {
                receivers
                        .computeIfAbsent(inbox.filter, absent -> new ArrayList<>())
                        .add(inbox);
            } else if (!inbox.hasEnded()) {
                receivers.put(inbox.clientId, List.of(inbox));
            }
        }
        return List.copyOf(receivers.values());
    }

    /** A group is owed what was sent once any member was there: one member of each group stays. */
    private static boolean isOwed(Sent message, List<Inbox> inboxes) {
        return message.isAcknowledged()
                && !message.expires()
                && inboxes.getFirst().topic().equals(message.topic)
                && inboxes.stream().anyMatch(inbox -> inbox.wasSubscribedBefore(message.begunAt));
    }

    /** Everything that arrived and should not have; empty when all is well. */
    List<String> judge() {
        Map<String, Map<Integer, Inbox>> groups = new HashMap<>();
        for (Inbox inbox : ledger.inboxes()) {
            Map<Integer, Arrival> known = new HashMap<>();
            Map<String, Integer> newest = new HashMap<>();
            for (Arrival arrival : inbox.arrivals) {
                judge(inbox, arrival);
                Arrival earlier = known.put(arrival.number, arrival);
                if (earlier != null) {
                    judgeRepetition(inbox, earlier, arrival);
                } else if (!inbox.isShared()) {
                    judgeOrder(inbox, arrival, newest);
                }
            }
            if (inbox.isShared()) {
                Map<Integer, Inbox> group = groups.computeIfAbsent(inbox.filter, absent -> new HashMap<>());
                known.forEach((number, arrival) -> judgeTurn(inbox, number, group));
            } else {
                judgeRetained(inbox);
            }
        }
        return violations;
    }

    private void judge(Inbox inbox, Arrival arrival) {
        Sent message = ledger.sent().get(arrival.number);
        if (message == null) {
            violate("nobody sent it", inbox, arrival);
            return;
        }
        require(arrival.topic.equals(message.topic), "it came to another topic", inbox, arrival);
        require(inbox.topic().equals(arrival.topic), "the client did not subscribe to it", inbox, arrival);
        require(
                arrival.retained || inbox.isShared() || !message.wasAcknowledgedBefore(inbox.subscribingAt),
                "it was sent before this session subscribed",
                inbox,
                arrival);
        require(
                !message.hasCertainlyExpired(arrival.visit.clock()),
                "it had expired before this connection began",
                inbox,
                arrival);
        require(!arrival.retained || message.retained, "it was never to be retained", inbox, arrival);
    }

    private void judgeRepetition(Inbox inbox, Arrival earlier, Arrival arrival) {
        require(arrival.again, "it came twice, each time as if it were new", inbox, arrival);
        require(!earlier.visit.equals(arrival.visit), "it came twice on one connection", inbox, arrival);
        require(!earlier.isSettled(), "it came again though it was acknowledged", inbox, arrival);
    }

    private void judgeOrder(Inbox inbox, Arrival arrival, Map<String, Integer> newest) {
        Sent message = ledger.sent().get(arrival.number);
        if (message != null) {
            Integer last = newest.put(message.publisher, arrival.number);
            require(last == null || last < arrival.number, "it came behind a later one, " + last, inbox, arrival);
        }
    }

    /** A message is the next member's turn only when the session of the one before has ended. */
    private void judgeTurn(Inbox inbox, int number, Map<Integer, Inbox> group) {
        Inbox other = group.put(number, inbox);
        if (other != null && !other.hasEnded() && !inbox.hasEnded()) {
            violations.add("two members got it: " + ledger.sent().get(number) + "\n  " + other + "\n  " + inbox);
        }
    }

    /** A topic that is retained is known from the first message on. */
    private void judgeRetained(Inbox inbox) {
        int newest = ledger.sent().values().stream()
                .filter(message -> message.retained && message.topic.equals(inbox.topic()))
                .filter(message -> message.wasAcknowledgedBefore(inbox.subscribingAt))
                .mapToInt(message -> message.number)
                .max()
                .orElse(0);
        if (newest > 0 && inbox.wasSubscribedBefore(Long.MAX_VALUE)) {
            Arrival first = inbox.arrivals.peek();
            // A client that left at once has read nothing.
            boolean holds = first == null ? inbox.hasEnded() : first.retained && first.number >= newest;
            if (!holds) {
                violations.add(
                        "no retained message came, or too old a one: " + first + ", not " + newest + "\n  " + inbox);
            }
        }
    }

    /** What the broker holds: nothing, when every session has ended and nothing is retained. */
    static List<String> held(BrokerCounters counters) {
        return Stream.of(
                        "sessions: " + counters.sessions(),
                        "subscriptions: " + counters.subscriptions(),
                        "retained messages: " + counters.retained(),
                        "messages held: " + counters.heldMessages(),
                        "bytes held: " + counters.heldBytes())
                .filter(held -> !held.endsWith(": 0"))
                .toList();
    }

    private void require(boolean holds, String otherwise, Inbox inbox, Arrival arrival) {
        if (!holds) {
            violate(otherwise, inbox, arrival);
        }
    }

    private void violate(String what, Inbox inbox, Arrival arrival) {
        violations.add(what + ": " + arrival + "\n  " + ledger.sent().get(arrival.number) + "\n  " + inbox);
    }
}
