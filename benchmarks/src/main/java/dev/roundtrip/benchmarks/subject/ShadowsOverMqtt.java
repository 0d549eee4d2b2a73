package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.benchmarks.load.RoundTrips;
import dev.roundtrip.local.app.LocalCloud;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket.PublishPacketBuilder;

/** Updates of shadows over MQTT, one shadow for each lane: from the publish until {@code update/accepted}. */
public final class ShadowsOverMqtt implements RoundTrips {
    private static final String ACCEPTED = "$aws/things/+/shadow/update/accepted";
    private static final int THING = 2;

    private final Shadows shadows;
    private final AtomicReferenceArray<@Nullable Asker> askers;
    private final SignedMqtt client;

    /** Connects.
     *
     * @throws IOException when the broker cannot be reached
     */
    public ShadowsOverMqtt(LocalCloud cloud, Shadows shadows) throws IOException, InterruptedException {
        this.shadows = shadows;
        this.askers = new AtomicReferenceArray<>(shadows.count());
        this.client = new SignedMqtt(cloud, ACCEPTED, this::accepted, this::lost);
    }

    @Override
    public int lanes() {
        return shadows.count();
    }

    @Override
    public void ask(int lane, Asker asker) {
        askers.set(lane, asker);
        PublishPacket update = new PublishPacketBuilder(
                        "$aws/things/" + shadows.thing(lane) + "/shadow/update",
                        QOS.AT_LEAST_ONCE,
                        shadows.nextUpdate(lane))
                .build();
        var unused = client.publish(update).whenComplete((result, failure) -> {
            if (failure != null) {
                end(lane, Ending.FAILED);
            }
        });
    }

    private void accepted(PublishPacket answer) {
        int lane = shadows.lane(answer.getTopic().split("/", -1)[THING]);
        boolean right = shadows.isAnswer(lane, new String(answer.getPayload(), StandardCharsets.UTF_8));
        end(lane, right ? Ending.ANSWERED : Ending.FAILED);
    }

    private void lost() {
        for (int lane = 0; lane < askers.length(); lane++) {
            end(lane, Ending.FAILED);
        }
    }

    private void end(int lane, Ending ending) {
        Asker asker = askers.getAndSet(lane, null);
        if (asker != null) {
            asker.ended(ending);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
