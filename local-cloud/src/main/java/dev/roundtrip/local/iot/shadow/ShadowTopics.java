package dev.roundtrip.local.iot.shadow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.mqtt.Defects;
import dev.roundtrip.mqtt.ReservedTopicService;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** Shadows over MQTT: requests are published, and answers go to those who subscribe. Thread-safe. */
public final class ShadowTopics implements ReservedTopicService {
    /** Source: AWS General Reference, "AWS IoT Core message broker", 2026: an update causes three messages more. */
    private static final int PUBLISHES_OF_AN_UPDATE = 4;

    private final Shadows shadows;

    /** The topics of shadows. */
    public ShadowTopics(Shadows shadows) {
        this.shadows = shadows;
    }

    @Override
    public List<String> requests() {
        return ShadowTopic.all();
    }

    @Override
    public String orderOf(String topic) {
        return ShadowTopic.of(topic).thing();
    }

    @Override
    public int publishesOf(String topic) {
        return ShadowTopic.of(topic).verb() == ShadowTopic.Verb.UPDATE ? PUBLISHES_OF_AN_UPDATE : 1;
    }

    @Override
    public int maxInFlight() {
        return shadows.limits().inFlight();
    }

    @Override
    public void refuse(Request request, Requester requester) {
        ShadowTopic topic = ShadowTopic.of(request.content().topic());
        reject(topic, Shadows.tooMany(), readable(topic, request.content().payload()));
    }

    /** The request; null when it cannot be read. */
    private static @Nullable ShadowRequest readable(ShadowTopic topic, byte[] payload) {
        try {
            return read(topic, payload);
        } catch (Refusal malformed) {
            return null;
        }
    }

    @Override
    public void take(Request request, Requester requester) {
        take(ShadowTopic.of(request.content().topic()), request.content().payload());
    }

    /** In order with requests over HTTP, of which the broker does not know. */
    void take(ShadowTopic topic, byte[] payload) {
        Lock turn = shadows.turn(topic.thing());
        turn.lock();
        try {
            serve(topic, payload);
        } finally {
            turn.unlock();
        }
    }

    private static ShadowRequest read(ShadowTopic topic, byte[] payload) throws Refusal {
        return switch (topic.verb()) {
            case GET, DELETE -> ShadowRequest.orEmpty(payload);
            case UPDATE -> ShadowRequest.read(payload);
        };
    }

    private void serve(ShadowTopic topic, byte[] payload) {
        @Nullable ShadowRequest request = null;
        try {
            request = read(topic, payload);
            serve(topic, request);
        } catch (Refusal refusal) {
            reject(topic, refusal, request);
        } catch (RuntimeException | Error failure) {
            Defects.log("A request to a shadow was not served", failure);
            reject(topic, new Refusal(ErrorType.INTERNAL_FAILURE, "Internal service failure"), request);
        }
    }

    private void serve(ShadowTopic topic, ShadowRequest request) throws Refusal {
        ShadowName name = topic.name();
        switch (topic.verb()) {
            case GET -> {
                ObjectNode document = shadows.get(name, request);
                shadows.publish(topic.accepted(), () -> document);
            }
            case UPDATE -> {
                var unused = shadows.update(name, request);
            }
            case DELETE -> {
                var unused = shadows.delete(name, request);
            }
        }
    }

    /** @param request null when it could not be read */
    private void reject(ShadowTopic topic, Refusal refusal, @Nullable ShadowRequest request) {
        shadows.publish(topic.rejected(), () -> {
            ObjectNode rejection = JsonNodeFactory.instance
                    .objectNode()
                    .put("code", refusal.type().status())
                    .put("message", refusal.getMessage())
                    .put("timestamp", shadows.second());
            return request == null ? rejection : request.answer(rejection);
        });
    }
}
