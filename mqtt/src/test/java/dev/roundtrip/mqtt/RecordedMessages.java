package dev.roundtrip.mqtt;

import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import dev.roundtrip.mqtt.packet.ReasonCode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps what a broker tells of messages, a line each. */
class RecordedMessages implements MessageListener {
    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void published(@Nullable String publisher, Publication content, Qos qos, ReasonCode answer) {
        lines.add("published " + publisher + " " + content.topic() + " " + number(qos) + " " + answer);
    }

    @Override
    public void matched(String subscriber, String filter, Publication content) {
        lines.add("matched " + subscriber + " " + filter + " " + content.topic());
    }

    @Override
    public void unmatched(Publication content) {
        lines.add("unmatched " + content.topic());
    }

    @Override
    public void sent(String subscriber, Publication content, Qos qos) {
        lines.add("sent " + subscriber + " " + content.topic() + " " + number(qos));
    }

    @Override
    public void acknowledged(String subscriber, Publication content, int reason) {
        lines.add("acknowledged " + subscriber + " " + content.topic() + " " + reason);
    }

    @Override
    public void dropped(@Nullable String subscriber, Publication content, Loss why) {
        lines.add("dropped " + subscriber + " " + content.topic() + " " + why.word());
    }

    private static int number(Qos qos) {
        return switch (qos) {
            case AT_MOST_ONCE -> 0;
            case AT_LEAST_ONCE -> 1;
        };
    }
}
