package dev.roundtrip.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one client does while another's packet is half done, each on an event loop of its own.
 *
 * <p>The moment is found by a permission that is asked for: its answer takes until the other client has done its part, or cannot.
 */
class EventLoopsTest {
    /** Which member of a group is asked first is left to chance. */
    private static final int ROUNDS = 8;

    private final TestBroker test = new TestBroker(settings -> settings.withThreads(4));
    private volatile CountDownLatch asked = new CountDownLatch(0);
    private volatile CountDownLatch back = new CountDownLatch(0);

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void member_of_a_group_that_comes_back_while_a_message_is_kept_gets_it() throws Exception {
        test.putToSleep("member", "$share/g/t");
        test.permissions = (action, resource) -> {
            if (action == Action.RECEIVE) {
                asked.countDown();
                waitAWhileFor(back);
            }
            return action != Action.RECEIVE;
        };
        RawClient deaf = test.mqtt5().connect("deaf").subscribe("$share/g/t");
        test.permissions = (action, resource) -> true;
        RawClient publisher = test.mqtt5().connect("publisher");

        for (int round = 1; round <= ROUNDS; round++) {
            RawClient member = test.mqtt3();
            asked = new CountDownLatch(1);
            back = new CountDownLatch(1);
            publisher.send(Wire.publish1(Wire.MQTT_5, round, "t", "message " + round));
            asked.await();
            member.send(Wire.connect(Wire.MQTT_3, "member", 0, 60, ""));
            assertThat(member.next()).isEqualTo("20020100");
            back.countDown();

            assertThat(publisher.next()).startsWith("4002");
            RawClient.Publish message = member.nextPublish();
            assertThat(message.payload()).isEqualTo("message " + round);
            member.send(Wire.pubAck(message.packetId()), Wire.disconnect());
            assertThat(member.next()).isEqualTo(RawClient.CLOSED);
            await().until(() -> test.broker.counters().connected() == 2);
        }
        deaf.expectNothing();
    }

    private static void waitAWhileFor(CountDownLatch other) {
        try {
            boolean ignored = other.await(200, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
