package dev.roundtrip.local.endtoend;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.MqttVersion;
import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.local.app.LocalCloud;
import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.app.SimulatedDevices;
import dev.roundtrip.local.iot.registry.GatewayRole.PresenceQueries;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.BrokerCounters;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.sigv4.RequestSigner;
import dev.roundtrip.sigv4.SignedRequest;
import dev.roundtrip.sigv4.SigningScope;
import dev.roundtrip.sigv4.UnsignedRequest;
import dev.roundtrip.simulator.Device;
import dev.roundtrip.simulator.behaviour.Behaviour;
import dev.roundtrip.simulator.behaviour.Step;
import dev.roundtrip.simulator.method.Methods;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** A local cloud on free ports, with devices and a signing client. Its function may ask for devices, as with
 * {@code PresenceQueries=allow}.
 */
final class TestCloud implements AutoCloseable {
    /** A device that hears everything and never says a word. */
    static final Behaviour SILENT = command -> List.of();

    /** A device that has every method. */
    static final Behaviour VERSATILE = Behaviour.honest(Methods.asSample(DeviceClock.system(), new Random()));

    /** A device that answers what is no answer. */
    static final Behaviour GARBLED = command -> List.of(new Step.Garbage(new byte[] {'{', 'o', 'o'}));

    private final LocalCloud cloud;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Deque<Device> devices = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedQueue<String> log;

    private TestCloud(LocalCloud cloud, ConcurrentLinkedQueue<String> log) {
        this.cloud = cloud;
        this.log = log;
    }

    static TestCloud start(Path state) throws Exception {
        return start(state, UnaryOperator.identity());
    }

    static TestCloud start(Path state, UnaryOperator<LocalCloudSettings> changes) throws Exception {
        ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
        LocalCloudSettings settings = LocalCloudSettings.of(state, log::add).withPresenceQueries(PresenceQueries.ALLOW);
        return new TestCloud(LocalCloud.start(changes.apply(settings), "eu-central-1"), log);
    }

    LocalCloud cloud() {
        return cloud;
    }

    /** What its own broker has done. */
    BrokerCounters counters() {
        return broker().counters();
    }

    /** Where functions reach its own broker. */
    int gatewayPort() {
        return broker().gatewayPort();
    }

    /** The broker of its own. */
    Broker broker() {
        return Objects.requireNonNull(cloud.broker(), "the broker is another's");
    }

    /** The function's lines so far. */
    List<String> log() {
        return List.copyOf(log);
    }

    /** Waits until the function knows that its connection is gone: what is published before is lost, and ends as a
     * timeout.
     */
    void awaitLostConnection() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> log.stream().anyMatch(line -> line.contains("the connection was lost")));
    }

    /** Edits a file of the state directory as a person does; the edit counts at once. */
    void edit(Path file, UnaryOperator<String> change) throws Exception {
        Files.writeString(file, change.apply(Files.readString(file)));
        cloud.readStateAgain();
    }

    Thing thing(String name) throws Exception {
        return cloud.provision(new Target(name));
    }

    DeviceSettings settings(String name) throws Exception {
        return DeviceSettings.of(SimulatedDevices.login(cloud, thing(name)));
    }

    /** A device on MQTT 5 that does as it is told. */
    Device device(String name) throws Exception {
        return device(settings(name), Behaviour.honest(), CommandListener.none());
    }

    Device device(String name, Behaviour behaviour) throws Exception {
        return device(settings(name), behaviour, CommandListener.none());
    }

    Device device(String name, MqttVersion mqtt) throws Exception {
        return device(settings(name).withMqtt(mqtt), Behaviour.honest(), CommandListener.none());
    }

    Device device(DeviceSettings settings, Behaviour behaviour, CommandListener ledger) throws Exception {
        Device device = Device.connect(settings, behaviour, ledger);
        devices.push(device);
        device.awaitReady(Duration.ofSeconds(10));
        return device;
    }

    RequestSigner signer() {
        Credentials credentials = cloud.state().credentials();
        return new RequestSigner(
                AwsCredentialsIdentity.create(credentials.accessKeyId(), credentials.secretAccessKey()), scope());
    }

    SigningScope scope() {
        return new SigningScope(cloud.state().account().region(), SigningScope.EXECUTE_API);
    }

    String url(String query) {
        return cloud.apiEndpoint() + "?" + query;
    }

    HttpResponse<String> get(String query) throws Exception {
        return send(signer().sign(UnsignedRequest.get(url(query))));
    }

    HttpResponse<String> post(String json) throws Exception {
        return send(signer().sign(UnsignedRequest.post(cloud.apiEndpoint().toString(), json)));
    }

    HttpResponse<String> send(SignedRequest request) throws Exception {
        return http.send(request.toHttpRequest(), BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> answer) throws Exception {
        return Json.mapper().readTree(answer.body());
    }

    static String result(HttpResponse<String> answer) throws Exception {
        return json(answer).path("result").asText();
    }

    @Override
    public void close() {
        devices.forEach(Device::close);
        cloud.close();
        http.close();
    }
}
