package dev.roundtrip.simulator;

import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.CommandListener;
import java.util.concurrent.atomic.LongAdder;

/** Counts events by kind. */
final class EventCounter implements CommandListener {
    private final LongAdder received = new LongAdder();
    private final LongAdder ran = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder discarded = new LongAdder();

    @Override
    public void on(CommandEvent event) {
        counterOf(event).increment();
    }

    private LongAdder counterOf(CommandEvent event) {
        return switch (event) {
            case CommandEvent.Received happened -> received;
            case CommandEvent.Ran happened -> ran;
            case CommandEvent.Answered happened -> answered;
            case CommandEvent.Refused happened -> refused;
            case CommandEvent.Repeated happened -> repeated;
            case CommandEvent.Unanswered happened -> unanswered;
            case CommandEvent.Discarded happened -> discarded;
        };
    }

    DeviceCounters snapshot() {
        return new DeviceCounters(
                received.sum(),
                ran.sum(),
                answered.sum(),
                refused.sum(),
                repeated.sum(),
                unanswered.sum(),
                discarded.sum());
    }
}
