package dev.roundtrip.device.responder;

import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Epoch;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Order;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.RequestMessage;
import dev.roundtrip.protocol.Route;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A request of a gateway, with order and key. */
record Request(
        MessageId id,
        String method,
        JsonText value,
        @Nullable Order order,
        @Nullable RequestKey key) {

    static Request of(String method) {
        return new Request(MessageId.random(), method, JsonText.string(""), null, null);
    }

    /** The same request once more, as a caller repeats it: under a new id. */
    Request again() {
        return new Request(MessageId.random(), method, value, order, key);
    }

    Request with(String text) {
        return new Request(id, method, JsonText.string(text), order, key);
    }

    Request with(JsonText other) {
        return new Request(id, method, other, order, key);
    }

    Request sequence(long sequence) {
        return order(new Order(sequence));
    }

    Request after(long sequence, long after) {
        return order(new Order(sequence, after, null));
    }

    Request inEpoch(long sequence, Epoch epoch) {
        return order(new Order(sequence, null, epoch));
    }

    private Request order(Order other) {
        return new Request(id, method, value, other, key);
    }

    /** The key and the digest are made of these texts. */
    Request key(String name, String digest) {
        return key(new RequestKey(hash(name), hash(digest), 600, RequestKey.Replay.OR_RUN));
    }

    Request key(String name) {
        return key(name, "what was asked");
    }

    /** Asks what became of the key. */
    Request replayOnly(String name) {
        return key(new RequestKey(hash(name), null, 600, RequestKey.Replay.ONLY));
    }

    private Request key(RequestKey other) {
        return new Request(id, method, value, order, other);
    }

    static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Route route() {
        return new Route(new ClientPrefix("gw"), id, Desk.LAMP, new Method(method));
    }

    Delivery delivery(Instant now, Duration timeout) {
        byte[] payload = new RequestMessage(now, value, route().wireId(), now.plus(timeout), order, key, null).encode();
        return new Delivery(route().requestTopic().toString(), payload, Delivery.NO_CORRELATION, null);
    }
}
