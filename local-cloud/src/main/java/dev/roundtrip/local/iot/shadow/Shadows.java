package dev.roundtrip.local.iot.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.time.RequestRate;
import dev.roundtrip.mqtt.ServicePublisher;
import dev.roundtrip.mqtt.packet.Publication;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The shadows of things: what is asked of them over MQTT and HTTP alike. Thread-safe; may block for the store.
 *
 * <p>Requests to one thing are served one after the other, with what they tell subscribers: those see versions in
 * order, and whoever reads a version over HTTP reads it after it was told.
 */
public final class Shadows {
    /** Things whose requests wait for each other though they need not; our choice. */
    private static final int TURNS = 1024;

    private static final String DOCUMENTS = "update/documents";
    private static final String DELTA = "update/delta";

    private final ShadowRows rows;
    private final ServicePublisher publisher;
    private final InstantSource clock;
    private final ShadowLimits limits;
    private final RequestRate rate;
    private final List<Lock> turns =
            Stream.<Lock>generate(ReentrantLock::new).limit(TURNS).toList();

    /** Shadows.
     *
     * @param store has their rows
     * @param publisher tells subscribers
     * @param clock of the services
     */
    public Shadows(TableStore store, ServicePublisher publisher, InstantSource clock, ShadowLimits limits) {
        this.rows = new ShadowRows(store);
        this.publisher = publisher;
        this.clock = clock;
        this.limits = limits;
        this.rate = new RequestRate(limits.requestsPerSecond());
    }

    ShadowLimits limits() {
        return limits;
    }

    long second() {
        return clock.instant().getEpochSecond();
    }

    /** Answers get.
     *
     * @throws Refusal when there is no such shadow
     */
    ObjectNode get(ShadowName name, ShadowRequest request) throws Refusal {
        long second = begin(name.thing());
        Lock turn = turn(name.thing());
        turn.lock();
        try {
            Shadow shadow = rows.get(name).orElseThrow(name::missing);
            return request.answer(shadow.described(second));
        } finally {
            turn.unlock();
        }
    }

    /** Answers update, and tells subscribers.
     *
     * @throws Refusal when the request is wrong, or meets another version
     */
    ObjectNode update(ShadowName name, ShadowRequest request) throws Refusal {
        long second = begin(name.thing());
        JsonNode change = request.change();
        OptionalLong expected = request.version();
        Lock turn = turn(name.thing());
        turn.lock();
        try {
            ShadowRows.Updated updated = rows.update(name, change, expected, second);
            Shadow after = updated.after();
            ObjectNode accepted = request.answer(after.accepted(change, second));
            publish(name.topic() + "update/accepted", () -> accepted);
            Section delta = after.delta();
            if (!delta.isEmpty()) {
                publish(name.topic() + DELTA, () -> request.answer(after.difference(delta, second)));
            }
            publish(name.topic() + DOCUMENTS, () -> request.answer(documents(updated, second)));
            return accepted;
        } finally {
            turn.unlock();
        }
    }

    private static ObjectNode documents(ShadowRows.Updated updated, long second) {
        ObjectNode documents = JsonNodeFactory.instance.objectNode();
        documents.set(
                "previous", updated.before().<JsonNode>map(Shadow::document).orElse(OpenFacts.PREVIOUS_OF_THE_FIRST));
        documents.set("current", updated.after().document());
        return documents.put("timestamp", second);
    }

    /** Answers delete, and tells subscribers.
     *
     * @throws Refusal when there is no such shadow
     */
    ObjectNode delete(ShadowName name, ShadowRequest request) throws Refusal {
        long second = begin(name.thing());
        Lock turn = turn(name.thing());
        turn.lock();
        try {
            ObjectNode accepted = request.answer(rows.delete(name, second).deleted(second));
            publish(name.topic() + "delete/accepted", () -> accepted);
            return accepted;
        } finally {
            turn.unlock();
        }
    }

    /** Names of a thing's named shadows, in order.
     *
     * @param after all names are greater; may be empty
     * @throws Refusal when the thing was asked too often
     */
    List<String> names(String thing, String after, int most) throws Refusal {
        var unused = begin(thing);
        return rows.names(thing, after, most);
    }

    /** Counts a request.
     *
     * @return the present second
     */
    private long begin(String thing) throws Refusal {
        long second = second();
        if (!rate.admits(thing, second)) {
            throw tooMany();
        }
        return second;
    }

    static Refusal tooMany() {
        return new Refusal(ErrorType.THROTTLING, "Too many requests");
    }

    /** Whoever holds it has the thing's shadows for itself. Reentrant.
     *
     * @param thing may be a name that no thing may have
     */
    Lock turn(String thing) {
        return turns.get(Math.floorMod(thing.hashCode(), TURNS));
    }

    /** Writes nothing that nobody gets. */
    void publish(String topic, Supplier<ObjectNode> message) {
        if (publisher.hasReceivers(topic)) {
            byte[] payload = message.get().toString().getBytes(StandardCharsets.UTF_8);
            publisher.publish(Publication.of(topic, payload));
        }
    }
}
