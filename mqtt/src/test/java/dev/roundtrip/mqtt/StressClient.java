package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.mqtt.StressLedger.Arrival;
import dev.roundtrip.mqtt.StressLedger.Inbox;
import dev.roundtrip.mqtt.StressLedger.Visit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A subscriber of a stress: it comes, reads, leaves, is taken over by itself, and notes all that it gets. Used by one
 * thread at a time.
 */
final class StressClient {
    /** How its session lives. */
    enum Kind {
        /** It stays to the end. */
        STAYS("1100000e10"),
        /** It ends while the client is away, by its DISCONNECT, or by the next CONNECT. */
        ENDS("1100000001");

        private final String expiry;

        Kind(String expiry) {
            this.expiry = expiry;
        }
    }

    private record Unacknowledged(int packetId, Arrival arrival) {}

    private static final int CLEAN_START = 0x02;
    private static final int KEEP_ALIVE = 1200;

    private final TestBroker test;
    private final StressLedger ledger;
    private final String clientId;
    private final String filter;
    private final Kind kind;
    private final RandomGenerator random;
    private final List<Unacknowledged> unacknowledged = new ArrayList<>();

    /** Acknowledged since the last ping. */
    private final List<Arrival> acknowledged = new ArrayList<>();

    private @Nullable RawClient connection;
    private @Nullable Inbox inbox;
    private Visit visit = new Visit(0, 0);

    /** A client that is not connected yet. */
    StressClient(
            TestBroker test, StressLedger ledger, String clientId, String filter, Kind kind, RandomGenerator random) {
        this.test = test;
        this.ledger = ledger;
        this.clientId = clientId;
        this.filter = filter;
        this.kind = kind;
        this.random = random;
    }

    /** Leaves and comes back, and reads a little. */
    void live() throws IOException {
        if (random.nextBoolean()) {
            RawClient next = test.mqtt5(); // The handshake is done before the last connection ends.
            leave();
            come(next);
        } else {
            leave();
            come(test.mqtt5()); // Others do much while the handshake takes its time.
        }
        for (int reads = random.nextInt(3); reads > 0; reads--) {
            read(0.9);
        }
    }

    /** Leaves in one way or another; or not at all, which lets the next connection take over. */
    private void leave() throws IOException {
        RawClient present = connection;
        if (present == null) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> present.send(Wire.disconnect());
            case 1 -> present.close();
            case 2 -> {
                Inbox mine = inbox;
                if (kind == Kind.ENDS && mine != null) {
                    mine.ended();
                    present.send(Wire.hex("e0 07 00 05 1100000000"));
                }
            }
            default -> {
                // What is on its way is read by the next connection.
            }
        }
    }

    private void come(RawClient next) throws IOException {
        boolean clean = inbox == null || (kind == Kind.ENDS && random.nextInt(3) == 0);
        Inbox before = inbox;
        if (clean && before != null) {
            before.ended();
        }
        unacknowledged.clear();
        acknowledged.clear();
        visit = ledger.connecting(test.clock.nanos());
        next.send(Wire.connect(Wire.MQTT_5, clientId, clean ? CLEAN_START : 0, KEEP_ALIVE, kind.expiry));
        String connAck = next.next();
        assertThat(connAck).startsWith("20");
        assertThat(connAck.substring(6, 8)).isEqualTo("00");
        RawClient older = connection;
        if (older != null) {
            older.close();
        }
        connection = next;
        boolean present = connAck.startsWith("01", 4);
        if (!present || before == null) {
            assertThat(before == null || kind == Kind.ENDS)
                    .as("the session of %s is kept", clientId)
                    .isTrue();
            subscribe(next, before);
        }
    }

    private void subscribe(RawClient to, @Nullable Inbox before) throws IOException {
        if (before != null) {
            before.ended();
        }
        Inbox fresh = ledger.subscribing(clientId, filter);
        inbox = fresh;
        to.send(Wire.subscribe(Wire.MQTT_5, 1, 1, filter));
        for (String packet = to.next(); !packet.equals("900400010001"); packet = to.next()) {
            note(to.publish(packet), fresh);
        }
        fresh.subscribed();
    }

    /** Reads what is there and acknowledges some of it; returns how many messages came. */
    int read(double part) throws IOException {
        RawClient present = connection;
        Inbox mine = inbox;
        if (present == null || mine == null) {
            return 0;
        }
        List<Arrival> settling = List.copyOf(acknowledged);
        acknowledged.clear();
        present.send(Wire.ping());
        int count = 0;
        for (String packet = present.next(); !packet.equals("d000"); packet = present.next()) {
            note(present.publish(packet), mine);
            count++;
            if (random.nextDouble() < part) {
                acknowledge(present, unacknowledged.removeLast());
            }
        }
        settling.forEach(Arrival::settled);
        return count;
    }

    /** Acknowledges everything that came, and reads what is there now; returns how many messages came. */
    int readOn() throws IOException {
        RawClient present = connection;
        if (present != null) {
            for (Unacknowledged message : unacknowledged) {
                acknowledge(present, message);
            }
            unacknowledged.clear();
        }
        return read(1);
    }

    private void note(RawClient.Publish message, Inbox mine) {
        assertThat(message.qos()).isEqualTo(1);
        unacknowledged.add(new Unacknowledged(
                message.packetId(),
                mine.arrived(
                        Integer.parseInt(message.payload()),
                        message.topic(),
                        visit,
                        message.duplicate(),
                        message.retain())));
    }

    private void acknowledge(RawClient present, Unacknowledged message) throws IOException {
        present.send(Wire.pubAck(message.packetId));
        acknowledged.add(message.arrival);
    }

    /** Ends the session. */
    void end() throws IOException {
        RawClient present = connection;
        if (present != null) {
            present.send(Wire.hex("e0 07 00 05 1100000000"));
            assertThat(present.next()).isEqualTo(RawClient.CLOSED);
        }
    }
}
