package dev.roundtrip.invoke;

import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.WireId;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Makes calls: one HTTP request in, one HTTP reply out, whatever happens between. Thread-safe. */
public final class Invoker {
    private final ClientPrefix prefix;
    private final TimeLimits limits;
    private final RequestParser parser;
    private final int maxInFlight;
    private final Semaphore inFlight;
    private final PendingAcks pendingAcks;
    private final RequestSender sender;
    private final CallLog log;
    private final Clocks clocks;

    /** What every call of one deployment has in common.
     *
     * @param prefix the deployment's name
     * @param limits how long callers may wait
     * @param maxInFlight the most calls at once, 1 or more; what exceeds it is throttled before anything is sent
     */
    public record Terms(ClientPrefix prefix, TimeLimits limits, int maxInFlight) {}

    public Invoker(Terms terms, PendingAcks pendingAcks, RequestSender sender, CallLog log, Clocks clocks) {
        this.prefix = terms.prefix();
        this.limits = terms.limits();
        this.parser = new RequestParser(terms.prefix(), terms.limits());
        this.maxInFlight = terms.maxInFlight();
        this.inFlight = new Semaphore(maxInFlight);
        this.pendingAcks = pendingAcks;
        this.sender = sender;
        this.log = log;
        this.clocks = clocks;
    }

    /** Answers one request.
     *
     * @param request what the caller asks
     * @param budget how long this invocation may take at the most, whatever the caller asks for
     */
    public HttpReply handle(HttpRequest request, Duration budget) {
        long began = clocks.nanoTime().getAsLong();
        Timings timings = new Timings(clocks.nanoTime());
        Ending ending;
        try {
            ending = end(request, Deadline.after(budget, clocks.nanoTime()), timings);
        } catch (RuntimeException | Error defect) {
            // Before the call had an id: what invoke begins, it ends with a result.
            log.defect(defect);
            ending = new Ending(new InvocationResult.Defect(), null, since(began), timings);
        }
        log.ended(ending, request.context().requestId());
        return tell(ending, timings);
    }

    private HttpReply tell(Ending ending, Timings timings) {
        try {
            return Replies.of(ending);
        } catch (RuntimeException | Error defect) {
            // It has its id still, by which the caller may find what became of it.
            log.defect(defect);
            return Replies.of(new Ending(new InvocationResult.Defect(), ending.call(), ending.elapsed(), timings));
        }
    }

    private Ending end(HttpRequest request, Deadline latest, Timings timings) {
        long began = clocks.nanoTime().getAsLong();
        return switch (parser.parse(request)) {
            case RequestParser.Parsed.Refused refused -> new Ending(refused.result(), null, since(began), timings);
            case RequestParser.Parsed.Valid valid -> {
                boolean admitted = inFlight.tryAcquire();
                try {
                    Ending.Call call =
                            new Ending.Call(admitted ? sender.nextId() : MessageId.random(), valid.request());
                    InvocationResult result =
                            admitted ? invoke(call, latest.atMost(until(valid.request())), timings) : full();
                    yield new Ending(result, call, since(began), timings);
                } finally {
                    if (admitted) {
                        inFlight.release();
                    }
                }
            }
        };
    }

    /** A device may begin as long as its caller waits; where nobody waits, as long as callers wait by default. */
    private Duration until(CallRequest request) {
        return switch (request.completion()) {
            case ANSWERED -> request.timeout();
            case HANDED_OVER -> limits.byDefault();
        };
    }

    private InvocationResult full() {
        return new InvocationResult.Throttled(
                "the gateway has " + maxInFlight + " calls in flight, and takes no more at once");
    }

    private InvocationResult invoke(Ending.Call call, Deadline deadline, Timings timings) {
        MessageId id = call.id();
        try {
            Route route = new Route(
                    prefix,
                    new WireId(sender.instance(), id),
                    call.request().target(),
                    call.request().method());
            Command command = Command.of(
                    new Invocation(route, call.request(), deadline),
                    clocks.wall().instant());
            try (PendingAcks.Pending pending =
                    pendingAcks.expect(route, call.request().completion())) {
                sender.send(command, pending, timings);
                InvocationResult result = pending.await(deadline);
                if (!(result instanceof InvocationResult.NotSent)) {
                    timings.mark("device");
                }
                return result;
            }
        } catch (Command.TooLargeException tooLarge) {
            return tooLarge.result();
        } catch (InterruptedException interrupted) {
            // The function is being stopped, and the command is on its way: nobody will hear whether it ran.
            Thread.currentThread().interrupt();
            return new InvocationResult.TimedOut();
        } catch (RuntimeException | Error defect) {
            log.defect(id, defect);
            return new InvocationResult.Defect();
        } finally {
            release(id);
        }
    }

    /** However the call ended, it has ended. */
    private void release(MessageId id) {
        try {
            sender.release(id);
        } catch (RuntimeException | Error defect) {
            log.defect(id, defect);
        }
    }

    private Duration since(long began) {
        return Duration.ofNanos(clocks.nanoTime().getAsLong() - began);
    }
}
