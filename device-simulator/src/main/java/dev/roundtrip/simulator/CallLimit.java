package dev.roundtrip.simulator;

import dev.roundtrip.device.responder.Command;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.device.responder.Refusals;
import dev.roundtrip.protocol.MessageId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Says when so many different calls have come to an end, with answer or without. */
final class CallLimit implements CommandListener {
    private final int max;
    private final Runnable whenReached;
    private final Set<MessageId> ended = ConcurrentHashMap.newKeySet();

    CallLimit(int max, Runnable whenReached) {
        this.max = max;
        this.whenReached = whenReached;
    }

    @Override
    public void on(CommandEvent event) {
        switch (event) {
            case CommandEvent.Answered answered -> end(answered.command());
            case CommandEvent.Unanswered unanswered -> end(unanswered.command());
            case CommandEvent.Refused refused -> {
                // Any other refusal is answered first, or is told to be unanswered.
                if (refused.reason().equals(Refusals.CLOSING)) {
                    end(refused.command());
                }
            }
            case CommandEvent.Received received -> {}
            case CommandEvent.Ran ran -> {}
            case CommandEvent.Repeated repeated -> {}
            case CommandEvent.Discarded discarded -> {}
        }
    }

    private void end(Command command) {
        if (ended.size() < max && ended.add(command.id()) && ended.size() >= max) {
            whenReached.run();
        }
    }
}
