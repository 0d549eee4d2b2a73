package dev.roundtrip.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one client does while another's packet is half done, each on an event loop of its own.
 *
 * <p>The moment is found by a permission that is asked for: its answer takes until the other client has done its part,
 * or cannot.
 */
class EventLoopsTest {
    /** Which member of a group is asked first is left to chance. */
    private static final int ROUNDS = 8;

    private final TestBroker test = new TestBroker(settings -> settings.withThreads(4));
    private final AtomicBoolean holdsUp = new AtomicBoolean();
    private volatile CountDownLatch asked = new CountDownLatch(0);
    private volatile CountDownLatch done = new CountDownLatch(0);

    @AfterEach
    void stop() throws IOException {
        test.close();
    }

    @Test
    void member_of_a_group_that_comes_back_while_a_message_is_kept_gets_it() throws Exception {
        test.putToSleep("member", "$share/g/t");
        test.permissions = holdingUp(Action.RECEIVE, "t", false);
        RawClient deaf = test.mqtt5().connect("deaf").subscribe("$share/g/t");
        test.permissions = (action, resource) -> true;
        RawClient publisher = test.mqtt5().connect("publisher");

        for (int round = 1; round <= ROUNDS; round++) {
            RawClient member = test.mqtt3();
            holdUpTheNext();
            publisher.send(Wire.publish1(Wire.MQTT_5, round, "t", "message " + round));
            asked.await();
            member.send(Wire.connect(Wire.MQTT_3, "member", 0, 60, ""));
            assertThat(member.next()).isEqualTo("20020100");
            done.countDown();

            assertThat(publisher.next()).startsWith("4002");
            RawClient.Publish message = member.nextPublish();
            assertThat(message.payload()).isEqualTo("message " + round);
            member.send(Wire.pubAck(message.packetId()), Wire.disconnect());
            assertThat(member.next()).isEqualTo(RawClient.CLOSED);
            await().until(() -> test.broker.counters().connected() == 2);
        }
        deaf.expectNothing();
    }

    @Test
    void will_is_out_before_the_client_can_be_back() throws Exception {
        test.permissions = holdingUp(Action.RECEIVE, "state", true);
        RawClient watcher = test.mqtt5().connect("watcher").subscribe("state");
        test.permissions = (action, resource) -> true;
        RawClient device = test.mqtt5();
        device.send(Wire.connect(Wire.MQTT_5, "device", 0x26, 60, "", Wire.will(Wire.MQTT_5, "state", "offline")));
        assertThat(device.next()).startsWith("20");
        RawClient back = test.mqtt5();

        holdUpTheNext();
        device.close();
        asked.await();
        back.connect("device").send(Wire.publish1(Wire.MQTT_5, 1, "state", "online"));
        assertThat(back.next()).isEqualTo("40020001");
        done.countDown();

        assertThat(watcher.nextPublish().payload()).isEqualTo("offline");
        assertThat(watcher.nextPublish().payload()).isEqualTo("online");
    }

    @Test
    void retained_message_of_before_is_never_delivered_after_the_one_that_replaced_it() throws Exception {
        RawClient publisher = test.mqtt5().connect("publisher");
        publisher.send(Wire.retained(Wire.publish1(Wire.MQTT_5, 1, "state", "before")));
        assertThat(publisher.next()).startsWith("4002");
        test.permissions = holdingUp(Action.RECEIVE, "state", true);
        RawClient subscriber = test.mqtt5().connect("subscriber");

        holdUpTheNext();
        subscriber.send(Wire.subscribe(Wire.MQTT_5, 1, 1, "state"));
        asked.await();
        publisher.send(Wire.retained(Wire.publish1(Wire.MQTT_5, 2, "state", "after")));
        assertThat(publisher.next()).startsWith("4002");
        done.countDown();

        assertThat(subscriber.next()).startsWith("90");
        assertThat(subscriber.nextPublish().payload()).isEqualTo("before");
        assertThat(subscriber.nextPublish().payload()).isEqualTo("after");
        subscriber.expectNothing();
    }

    @Test
    void message_that_was_allowed_before_a_client_came_back_is_not_delivered_when_it_is_forbidden_now()
            throws Exception {
        test.permissions = holdingUp(Action.RECEIVE, "t", true);
        RawClient before = test.mqtt3();
        before.send(Wire.connect(Wire.MQTT_3, "client", 0, 60, ""));
        assertThat(before.next()).isEqualTo("20020000");
        before.subscribe("t");
        test.permissions = (action, resource) -> action != Action.RECEIVE;
        RawClient publisher = test.mqtt5().connect("publisher");
        RawClient back = test.mqtt3();

        holdUpTheNext();
        publisher.send(Wire.publish1(Wire.MQTT_5, 1, "t", "secret"));
        asked.await();
        back.send(Wire.connect(Wire.MQTT_3, "client", 0, 60, ""));
        assertThat(back.next()).isEqualTo("20020100");
        done.countDown();

        assertThat(publisher.next()).startsWith("4002");
        back.expectNothing();
    }

    private void holdUpTheNext() {
        asked = new CountDownLatch(1);
        done = new CountDownLatch(1);
        holdsUp.set(true);
    }

    /** Permissions that allow everything, one thing perhaps not, and take a while to say so once: until the other
     * client has done its part. Where the broker makes the other one wait, nobody waits for ever.
     */
    private Permissions holdingUp(Action action, String resource, boolean allowed) {
        return (wanted, of) -> {
            if (wanted != action || !of.equals(resource)) {
                return true;
            }
            if (holdsUp.compareAndSet(true, false)) {
                holdUp();
            }
            return allowed;
        };
    }

    private void holdUp() {
        asked.countDown();
        try {
            boolean ignored = done.await(200, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
