package dev.roundtrip.local.iot.events;

import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Step;
import dev.roundtrip.mqtt.packet.Publication;
import org.jspecify.annotations.Nullable;

/** A published message with MQTT 5 properties, which become text when somebody asks. */
final class PublishedEntry extends Entry {
    private final byte[] properties;

    private PublishedEntry(@Nullable String publisher, String topic, byte[] properties) {
        super(Step.PUBLISHED, publisher, topic);
        this.properties = properties;
    }

    /** Properties that are longer than a text may be become a text at once, for the journal's bound counts payloads
     * alone.
     */
    static Entry of(@Nullable String publisher, Publication content) {
        return content.properties().length <= MAX_TEXT
                ? new PublishedEntry(publisher, content.topic(), content.properties())
                : new Entry(Step.PUBLISHED, publisher, content.topic()).detail(content.describeProperties(MAX_TEXT));
    }

    @Override
    public @Nullable String detail() {
        return Publication.describeProperties(properties, MAX_TEXT);
    }
}
