package dev.roundtrip.device;

import dev.roundtrip.device.responder.Command;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Compares the device's clock with the gateway's at each request, and tells when they disagree. Thread-safe. */
final class ClockWatch implements CommandListener {
    /** No request is older when it arrives, unless it waited for a connection; our choice. */
    private static final Duration MOST_AHEAD = Duration.ofSeconds(10);

    /** No request arrives before it was sent; clocks that are kept right agree better; our choice. */
    private static final Duration MOST_BEHIND = Duration.ofSeconds(2);

    /** Nothing more is told for so long: whoever asks writes the time of sending. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final Consumer<DeviceTrouble> troubles;
    private @Nullable Instant lastTold;

    ClockWatch(Consumer<DeviceTrouble> troubles) {
        this.troubles = troubles;
    }

    @Override
    public void on(CommandEvent event) {
        if (event instanceof CommandEvent.Received received
                && received.command().gateway() == Command.Gateway.ROUNDTRIP) {
            Command command = received.command();
            Duration ahead = Duration.between(command.times().sent(), command.arrival());
            boolean disagree = ahead.compareTo(MOST_AHEAD) > 0 || ahead.compareTo(MOST_BEHIND.negated()) < 0;
            if (disagree && isNews(command.arrival())) {
                Target device = command.route().target();
                troubles.accept(new DeviceTrouble.ClockSkew(device, ahead));
            }
        }
    }

    private synchronized boolean isNews(Instant now) {
        if (lastTold != null && !now.isBefore(lastTold) && now.isBefore(lastTold.plus(SILENCE))) {
            return false;
        }
        lastTold = now;
        return true;
    }
}
