package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.mqtt.packet.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The service that CONTRIBUTING.md adds, as it stands there, on a socket. */
class AddedServiceTest {
    private static final Path CONTRIBUTING = Path.of("../CONTRIBUTING.md");
    private static final Path THIS = Path.of("src/test/java/dev/roundtrip/mqtt/AddedServiceTest.java");

    // example: the service
    /** The bell of each thing: who rings is answered, and who listens hears it. Thread-safe. */
    static final class Bells implements ReservedTopicService {
        private final ServicePublisher publisher;

        Bells(ServicePublisher publisher) {
            this.publisher = publisher;
        }

        @Override
        public List<String> requests() {
            return List.of("$aws/things/+/bell/ring");
        }

        @Override
        public String orderOf(String topic) {
            return thing(topic);
        }

        @Override
        public void take(Request request, Requester requester) {
            Publication rung = request.content();
            requester.answer(Publication.of(rung.topic() + "/accepted", new byte[0]));
            publisher.publish(Publication.of("$aws/things/" + thing(rung.topic()) + "/bell/rung", rung.payload()));
        }

        private static String thing(String topic) {
            return topic.split("/", -1)[2];
        }
    }
    // end

    private final TestBroker test = new TestBroker(settings -> settings, broker -> {
        // example: where it is made
        broker.serve(new Bells(broker.servicePublisher()));
        // end
        return UpgradeProtocol.NONE;
    });

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void service_answers_the_requester_and_is_heard_by_subscribers() throws Exception {
        RawClient owner = test.mqtt3().connect("owner").subscribe("$aws/things/door/bell/#");
        RawClient visitor = test.mqtt5().connect("visitor");

        visitor.send(Wire.publish1(Wire.MQTT_5, 1, "$aws/things/door/bell/ring", "ding"));

        assertThat(visitor.next()).isEqualTo("40020001");
        assertThat(visitor.nextPublish().topic()).isEqualTo("$aws/things/door/bell/ring/accepted");
        RawClient.Publish heard = owner.nextPublish();
        assertThat(heard.topic()).isEqualTo("$aws/things/door/bell/rung");
        assertThat(heard.payload()).isEqualTo("ding");
        owner.expectNothing();
    }

    @Test
    void example_stands_in_the_guide_as_it_is_compiled() throws IOException {
        String guide = Files.readString(CONTRIBUTING).replaceAll("(?m)^ +", "");

        for (String part : Files.readString(THIS).split("// example: ", -1)) {
            if (part.contains("// end") && !part.startsWith("\"")) {
                String code = part.substring(part.indexOf('\n') + 1, part.indexOf("// end"))
                        .replaceAll("(?m)^ +", "");
                assertThat(guide).contains(code.strip());
            }
        }
    }
}
