package dev.roundtrip.simulator;

import dev.roundtrip.device.ConnectionEvent;
import dev.roundtrip.device.DeviceTrouble;
import dev.roundtrip.device.responder.Command;
import dev.roundtrip.device.responder.CommandEvent;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Target;
import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Tells on the console what happens: calls on the one stream, trouble on the other. Thread-safe. */
final class Narrator {
    private static final int MAX_SHOWN = 1_000;

    private final PrintWriter calls;
    private final PrintWriter trouble;
    private final Detail detail;
    private final AtomicLong discarded = new AtomicLong();
    private final AtomicBoolean hasToldOfClocks = new AtomicBoolean();
    private final Set<Target> everReady = ConcurrentHashMap.newKeySet();
    private final Set<Target> disconnected = ConcurrentHashMap.newKeySet();

    /** How much is told; each tells what the ones before it tell. */
    enum Detail {
        QUIET,
        TROUBLE,
        CALLS,
        PAYLOADS
    }

    Narrator(PrintWriter calls, PrintWriter trouble, Detail detail) {
        this.calls = calls;
        this.trouble = trouble;
        this.detail = detail;
    }

    void tellSeed(long seed) {
        trouble("It has the faults that it was told to have; --seed " + seed + " repeats them");
    }

    void tell(CommandEvent event) {
        switch (event) {
            case CommandEvent.Received received -> {
                if (detail == Detail.PAYLOADS) {
                    call(
                            received.command(),
                            "asked " + shown(received.command().request().toString()));
                }
            }
            case CommandEvent.Ran ran -> {}
            case CommandEvent.Repeated repeated -> call(repeated.command(), "asked again");
            case CommandEvent.Refused refused -> refused(refused);
            case CommandEvent.Answered answered ->
                call(
                        answered.command(),
                        "answered " + printable(answered.outcome()) + " after "
                                + answered.elapsed().toMillis() + " ms"
                                + (detail == Detail.PAYLOADS ? " " + shown(answered.payload()) : ""));
            case CommandEvent.Unanswered unanswered ->
                call(unanswered.command(), "not answered: " + printable(unanswered.reason()));
            case CommandEvent.Discarded dropped -> discarded(dropped);
        }
    }

    void tell(ShadowEvent event) {
        switch (event) {
            case ShadowEvent.Applied applied ->
                shadow(
                        applied.desired(),
                        applied.reported().equals(applied.desired().value()) ? "applied" : "reported otherwise",
                        ", reported " + applied.reported());
            case ShadowEvent.Refused refused -> shadow(refused.desired(), "refused as " + refused.code(), "");
            case ShadowEvent.Ignored ignored -> shadow(ignored.desired(), "ignored", "");
        }
    }

    /** A step of a job was done. */
    void done(Target device, String jobId, int step) {
        if (detail.compareTo(Detail.CALLS) >= 0) {
            calls.println(device + " job " + jobId + " step " + step + " done");
            calls.flush();
        }
    }

    private void shadow(ShadowEvent.Desired desired, String what, String value) {
        if (detail.compareTo(Detail.CALLS) >= 0) {
            String payloads = detail == Detail.PAYLOADS ? shown(" desired " + desired.value() + value) : "";
            String name = desired.shadow().isEmpty() ? "shadow" : "shadow " + desired.shadow();
            calls.println(desired.device() + " " + name + " " + printable(desired.property()) + " " + what + payloads);
            calls.flush();
        }
    }

    void tell(ConnectionEvent event) {
        switch (event) {
            case ConnectionEvent.Ready ready -> {
                everReady.add(ready.device());
                if (disconnected.remove(ready.device())) {
                    trouble(ready.device() + " is connected again");
                }
            }
            case ConnectionEvent.Lost lost -> {
                disconnected.add(lost.device());
                trouble(lost.device() + " lost its connection, and connects again: " + lost.reason());
            }
            case ConnectionEvent.Refused refused -> {
                // Why a device never became ready is what the command ends with.
                if (everReady.contains(refused.device())) {
                    trouble(refused.device() + ": " + refused.reason());
                }
            }
        }
    }

    void tell(DeviceTrouble trouble) {
        trouble(trouble.device() + ": " + trouble.reason());
    }

    void tell(DeviceCounters counters) {
        if (detail.compareTo(Detail.CALLS) >= 0) {
            trouble("received " + counters.received() + ", ran " + counters.ran() + ", answered " + counters.answered()
                    + ", refused " + counters.refused() + ", repeated " + counters.repeated() + ", unanswered "
                    + counters.unanswered() + ", discarded " + counters.discarded());
        }
    }

    private void refused(CommandEvent.Refused refused) {
        if (refused.reason().code().equals(DeviceRefusal.EXPIRED) && hasToldOfClocks.compareAndSet(false, true)) {
            trouble(refused.command().route().target()
                    + " got a call past its deadline, and did not run it. When that happens"
                    + " to every call, compare the clocks, or see --clock-tolerance.");
        }
        call(refused.command(), "not run: " + printable(refused.reason().message()));
    }

    /** Whoever floods a device with rubbish shall not flood its log too. */
    private void discarded(CommandEvent.Discarded dropped) {
        long number = discarded.incrementAndGet();
        if (number <= 10 || number % 1_000 == 0) {
            trouble(dropped.device() + " dropped message " + number + " that is no command: " + dropped.reason());
        }
    }

    private void call(Command command, String what) {
        if (detail.compareTo(Detail.CALLS) >= 0) {
            calls.println(command.route().target() + " " + command.method() + " " + command.id() + " " + what);
            calls.flush();
        }
    }

    private void trouble(String line) {
        if (detail != Detail.QUIET) {
            trouble.println(printable(line));
            trouble.flush();
        }
    }

    private static String shown(String payload) {
        return printable(payload.length() > MAX_SHOWN ? payload.substring(0, MAX_SHOWN) + "…" : payload);
    }

    /** What others wrote must not steer our terminal. */
    private static String printable(String text) {
        return text.codePoints()
                .map(point ->
                        Character.isISOControl(point) || Character.getType(point) == Character.FORMAT ? '?' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
