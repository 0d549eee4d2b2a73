package dev.roundtrip.local.iot.provisioning;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.mqtt.Defects;
import dev.roundtrip.mqtt.ReservedTopicService;
import dev.roundtrip.mqtt.packet.Publication;
import java.util.List;

/** Takes the requests of devices over MQTT, and answers each to its sender alone. Thread-safe. */
final class ProvisioningTopics implements ReservedTopicService {
    private final NewCertificates certificates;
    private final FleetRegistrations registrations;

    ProvisioningTopics(NewCertificates certificates, FleetRegistrations registrations) {
        this.certificates = certificates;
        this.registrations = registrations;
    }

    @Override
    public List<String> requests() {
        return ProvisioningTopic.all();
    }

    @Override
    public String orderOf(String topic) {
        return topic;
    }

    /** Many devices begin at once, and the keys of one take long. */
    @Override
    public String orderOf(String topic, String clientId) {
        return topic + ' ' + clientId;
    }

    @Override
    public int maxInFlight() {
        return OpenFacts.MAX_IN_FLIGHT;
    }

    @Override
    public void refuse(Request request, Requester requester) {
        reject(
                ProvisioningTopic.of(request.content().topic()),
                requester,
                new ProvisioningRefusal(
                        ProvisioningError.THROTTLED, "Too many requests of this client are in flight."));
    }

    @Override
    public void take(Request request, Requester requester) {
        ProvisioningTopic topic = ProvisioningTopic.of(request.content().topic());
        if (request.clientId().isEmpty()) {
            // Over HTTPS there is nobody to answer: a certificate would be made for nobody.
            return;
        }
        try {
            ObjectNode answer = answer(topic, request);
            requester.answer(Publication.of(topic.accepted(), topic.format().write(answer)));
        } catch (ProvisioningRefusal refusal) {
            reject(topic, requester, refusal);
        } catch (RuntimeException | Error failure) {
            Defects.log("A request for provisioning was not served", failure);
            reject(
                    topic,
                    requester,
                    new ProvisioningRefusal(ProvisioningError.INTERNAL_FAILURE, "Internal service failure"));
        }
    }

    private ObjectNode answer(ProvisioningTopic topic, Request request) throws ProvisioningRefusal {
        byte[] payload = request.content().payload();
        String principal = request.principal().id();
        return switch (topic.kind()) {
            case CREATE_KEYS -> {
                DeviceRequest.empty(topic.format(), payload);
                yield certificates.withKeys(principal);
            }
            case CREATE_FROM_REQUEST ->
                certificates.fromRequest(
                        DeviceRequest.signingRequest(DeviceRequest.document(topic.format(), payload)), principal);
            case REGISTER ->
                registrations.register(
                        DeviceRequest.registration(topic.template(), DeviceRequest.document(topic.format(), payload)),
                        principal);
        };
    }

    private static void reject(ProvisioningTopic topic, Requester requester, ProvisioningRefusal refusal) {
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("statusCode", refusal.error().statusCode())
                .put("errorCode", refusal.error().code())
                .put("errorMessage", refusal.getMessage());
        requester.answer(Publication.of(topic.rejected(), topic.format().write(answer)));
    }
}
