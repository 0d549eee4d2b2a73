package dev.roundtrip.device.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.operation.CertificateRequest;
import dev.roundtrip.device.provisioning.ThingIdentity.Registered;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.DeviceTransport;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.transport.TransportListener;
import dev.roundtrip.device.update.Patience;
import dev.roundtrip.device.update.PlainText;
import dev.roundtrip.device.update.ServiceAnswer;
import dev.roundtrip.device.update.ServiceTopics;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedNameException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A connection with a claim certificate: makes a certificate for a new key, and registers a thing with it. One request
 * at a time; thread-safe.
 */
final class ClaimConnection implements TransportListener, AutoCloseable {
    private static final List<String> ANSWERS = List.of("json/accepted", "json/rejected");
    private static final int MAX_MESSAGE = 300;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final DeviceTransport transport;
    private final Patience patience;
    private final ServiceTopics certificates;
    private final ServiceTopics things;

    /** Empty when connected; otherwise why not. */
    private final CompletableFuture<String> connection = new CompletableFuture<>();

    /** A certificate that is nobody's yet.
     *
     * @param pem the certificate
     * @param token who has it may register a thing with the certificate, for an hour
     */
    record Signed(String pem, String token) {
        /** Without the token. */
        @Override
        public String toString() {
            return "Signed[" + pem.length() + " characters]";
        }
    }

    private ClaimConnection(DeviceTransport transport, String template, Patience patience) {
        this.transport = transport;
        this.patience = patience;
        this.certificates = topics("$aws/certificates/create-from-csr/");
        this.things = topics("$aws/provisioning-templates/" + template + "/provision/");
    }

    private ServiceTopics topics(String prefix) {
        return new ServiceTopics(
                prefix,
                ANSWERS,
                (topic, payload, atMost) ->
                        transport.publish(new Answer(topic, payload, Delivery.NO_CORRELATION, atMost), atMost),
                patience,
                trouble -> {});
    }

    /** Connects, and subscribes to the answers. Closes the transport with itself. */
    static ClaimConnection open(DeviceTransport transport, String template, Patience patience)
            throws ProvisioningException, InterruptedException {
        ClaimConnection opened = new ClaimConnection(transport, template, patience);
        try {
            transport.start(opened);
            String reason = opened.connection.get(patience.answer().toMillis(), TimeUnit.MILLISECONDS);
            if (!reason.isEmpty()) {
                throw ProvisioningException.lost(reason);
            }
            for (ServiceTopics service : List.of(opened.certificates, opened.things)) {
                for (String filter : service.filters()) {
                    transport.subscribe(filter, patience.answer());
                }
            }
            return opened;
        } catch (TransportException refused) {
            opened.close();
            String reason = String.valueOf(refused.getMessage());
            throw refused.isRefusal() ? ProvisioningException.refused(reason) : ProvisioningException.lost(reason);
        } catch (TimeoutException silent) {
            opened.close();
            throw ProvisioningException.lost("the broker does not answer: check the endpoint, and the CA file");
        } catch (ExecutionException impossible) {
            opened.close();
            throw new IllegalStateException(impossible);
        } catch (ProvisioningException | InterruptedException | RuntimeException failed) {
            opened.close();
            throw failed;
        }
    }

    /** CreateCertificateFromCsr. */
    Signed sign(CertificateRequest request) throws ProvisioningException, InterruptedException {
        ObjectNode body = Json.object().put("certificateSigningRequest", request.text());
        JsonNode answer = ask(certificates, "CreateCertificateFromCsr", body);
        Signed signed = new Signed(
                answer.path("certificatePem").asText(),
                answer.path("certificateOwnershipToken").asText());
        if (!request.isAnsweredBy(signed.pem())) {
            throw ProvisioningException.lost("the service signed another key than the device's");
        }
        return signed;
    }

    /** RegisterThing. */
    Registered register(Signed signed, Map<String, String> parameters)
            throws ProvisioningException, InterruptedException {
        ObjectNode body = Json.object().put("certificateOwnershipToken", signed.token());
        ObjectNode values = body.putObject("parameters");
        parameters.forEach(values::put);
        JsonNode answer = ask(things, "RegisterThing", body);
        try {
            return ThingIdentity.registered(answer);
        } catch (MalformedNameException noName) {
            throw ProvisioningException.refused("the template makes a thing whose name no device can have");
        }
    }

    private static JsonNode ask(ServiceTopics service, String operation, ObjectNode body)
            throws ProvisioningException, InterruptedException {
        ServiceAnswer answer = service.ask(operation, "json", body);
        if (answer == null) {
            throw ProvisioningException.lost(operation + " was not answered");
        }
        if (answer.isAccepted()) {
            return answer.body();
        }
        int status = answer.body().path("statusCode").asInt();
        String said = PlainText.of(
                operation + " is refused: " + answer.body().path("errorCode").asText() + ", "
                        + answer.body().path("errorMessage").asText(),
                MAX_MESSAGE);
        throw status == TOO_MANY_REQUESTS || status >= SERVER_ERROR
                ? ProvisioningException.lost(said)
                : ProvisioningException.refused(said);
    }

    @Override
    public void connected() {
        boolean unused = connection.complete("");
    }

    @Override
    public void connectFailed(String reason) {
        boolean unused = connection.complete(reason);
    }

    @Override
    public void disconnected(String reason) {
        boolean unused = connection.complete(reason);
    }

    @Override
    public void delivered(Delivery delivery) {
        answered(certificates, "CreateCertificateFromCsr", delivery);
        answered(things, "RegisterThing", delivery);
    }

    private static void answered(ServiceTopics service, String operation, Delivery delivery) {
        String verb = service.verb(delivery);
        if (verb != null && ANSWERS.contains(verb)) {
            @Nullable JsonNode body = ServiceTopics.json(delivery);
            service.answered(
                    operation, new ServiceAnswer(verb.equals("json/accepted"), body == null ? Json.object() : body));
        }
    }

    @Override
    public void close() {
        transport.close();
    }
}
