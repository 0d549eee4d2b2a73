package dev.roundtrip.device.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.DeviceTransport;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.transport.TransportListener;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** The service of fleet provisioning on a connection, with an authority of its own, and with faults. */
final class PlayedProvisioning {
    private static final String CREATE = "$aws/certificates/create-from-csr/json";

    /** What happens to the next requests: {@code silent} (served, not answered), {@code dead} (the program ends before
     * the answer), or a status.
     */
    final Queue<String> faults = new ConcurrentLinkedQueue<>();

    /** The verbs of the requests that came. */
    final List<String> requests = new ArrayList<>();

    final Set<String> filters = new LinkedHashSet<>();
    JsonNode parameters = Json.object();
    String thingName = "pump-7";
    int open;
    private final Path directory;
    private int certificates;

    /** The end of a program. */
    static final class PowerCut extends Error {
        private static final long serialVersionUID = 1L;
    }

    PlayedProvisioning(Path directory) throws Exception {
        this.directory = directory;
        openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=ca",
                "-keyout",
                "ca.key",
                "-out",
                "ca.pem",
                "-days",
                "2");
    }

    DeviceTransport connection() {
        return new Connection();
    }

    private void openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("openssl failed");
        }
    }

    private String signed(String request) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("request.pem"), request);
        certificates++;
        openssl(
                "x509",
                "-req",
                "-in",
                "request.pem",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-days",
                "1",
                "-set_serial",
                String.valueOf(certificates),
                "-out",
                "certificate.pem");
        return Files.readString(directory.resolve("certificate.pem"));
    }

    private final class Connection implements DeviceTransport {
        private TransportListener listener = TransportListener.DEAF;

        @Override
        public void start(TransportListener heard) {
            open++;
            listener = heard;
            heard.connected();
        }

        @Override
        public void subscribe(String filter, Duration atMost) {
            filters.add(filter);
        }

        @Override
        public void publish(Answer message, Duration atMost) throws TransportException, InterruptedException {
            String topic = message.topic().value();
            String fault = faults.isEmpty() ? "" : faults.remove();
            requests.add(topic.equals(CREATE) ? "create" : "register");
            ObjectNode answer = Json.object();
            try {
                serve(topic, Json.read(message.payload()), answer);
            } catch (MalformedJsonException | IOException wrong) {
                throw new AssertionError(wrong);
            }
            switch (fault) {
                case "" -> deliver(topic + "/accepted", answer);
                case "silent" -> {}
                case "dead" -> throw new PowerCut();
                default ->
                    deliver(
                            topic + "/rejected",
                            Json.object()
                                    .put("statusCode", Integer.parseInt(fault))
                                    .put("errorCode", "Refused")
                                    .put("errorMessage", "because"));
            }
        }

        private void serve(String topic, JsonNode request, ObjectNode answer) throws IOException, InterruptedException {
            if (topic.equals(CREATE)) {
                answer.put("certificateId", "id")
                        .put(
                                "certificatePem",
                                signed(request.path("certificateSigningRequest").asText()))
                        .put("certificateOwnershipToken", "token-" + certificates);
            } else {
                parameters = request.path("parameters");
                answer.put("thingName", thingName)
                        .putObject("deviceConfiguration")
                        .put("site", "north");
            }
        }

        private void deliver(String topic, JsonNode body) {
            listener.delivered(new Delivery(topic, Json.write(body), Delivery.NO_CORRELATION, null));
        }

        @Override
        public void close() {
            open--;
        }
    }
}
