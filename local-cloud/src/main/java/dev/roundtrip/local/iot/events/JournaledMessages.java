package dev.roundtrip.local.iot.events;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.mqtt.MessageListener;
import dev.roundtrip.mqtt.packet.Publication;
import dev.roundtrip.mqtt.packet.Qos;
import dev.roundtrip.mqtt.packet.ReasonCode;
import org.jspecify.annotations.Nullable;

/** Records what becomes of each message, with one object for each step. Thread-safe; never blocks. */
public record JournaledMessages(Recorder journal) implements MessageListener {

    @Override
    public void published(@Nullable String publisher, Publication content, Qos qos, ReasonCode answer) {
        Entry entry = content.properties().length == 0
                ? new Entry(Step.PUBLISHED, publisher, content.topic())
                : PublishedEntry.of(publisher, content);
        Entry answered = entry.code(answer.value());
        journal.record(hasSecrets(content.topic()) ? answered : answered.payload(content.payload()));
    }

    /** Messages of fleet provisioning have private keys and tokens, which are kept nowhere. */
    private static boolean hasSecrets(String topic) {
        return topic.startsWith("$aws/certificates/") || topic.startsWith("$aws/provisioning-templates/");
    }

    @Override
    public void matched(String subscriber, String filter, Publication content) {
        journal.record(new Entry(Step.MATCHED, subscriber, content.topic()).detail(filter));
    }

    @Override
    public void unmatched(Publication content) {
        journal.record(new Entry(Step.UNMATCHED, null, content.topic()));
    }

    @Override
    public void sent(String subscriber, Publication content, Qos qos) {
        journal.record(new Entry(Step.SENT, subscriber, content.topic()).code(qos == Qos.AT_LEAST_ONCE ? 1 : 0));
    }

    @Override
    public void acknowledged(String subscriber, Publication content, int reason) {
        journal.record(new Entry(Step.ACKNOWLEDGED, subscriber, content.topic()).code(reason));
    }

    @Override
    public void dropped(@Nullable String subscriber, Publication content, Loss why) {
        journal.record(new Entry(Step.DROPPED, subscriber, content.topic()).detail(why.word()));
    }
}
