package dev.roundtrip.invoke;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.TraceParent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** One structured line for each call, without payload or secret. Thread-safe when its sink is.
 *
 * <p>A sink that fails loses the line, and nothing else: no call ends otherwise because its end could not be logged.
 */
public final class CallLog {
    private final Consumer<String> sink;
    private final LongAdder linesLost = new LongAdder();

    /** @param sink takes one JSON object a line, without the line's end */
    public CallLog(Consumer<String> sink) {
        this.sink = sink;
    }

    /** How many lines the sink did not take. */
    public long linesLost() {
        return linesLost.sum();
    }

    /** @param requestId the API's id of the request, empty for none */
    void ended(Ending ending, String requestId) {
        ObjectNode line = Json.object();
        line.put("level", ending.result() instanceof InvocationResult.Defect ? "ERROR" : "INFO");
        line.put("event", "call");
        if (!requestId.isEmpty()) {
            line.put("requestId", requestId);
        }
        if (ending.call() != null) {
            CallRequest request = ending.call().request();
            line.put("id", ending.call().id().toString());
            line.put("target", request.target().toString());
            line.put("method", request.method().toString());
            TraceParent trace = request.trace();
            if (trace != null) {
                line.put("traceId", trace.traceId());
            }
        }
        line.put("result", Replies.name(ending.result()));
        line.put("elapsed", ending.elapsed().toMillis());
        write(line);
    }

    /** A defect in a call: its class and where it happened. Its message stays out, for it may quote a payload. */
    public void defect(MessageId id, Throwable defect) {
        defect(id.toString(), defect);
    }

    /** A defect outside of every call, before there is an id. */
    void defect(Throwable defect) {
        defect("", defect);
    }

    private void defect(String id, Throwable defect) {
        StringWriter trace = new StringWriter();
        try (PrintWriter printer = new PrintWriter(trace)) {
            for (Throwable cause = defect; cause != null; cause = cause.getCause()) {
                printer.println(cause.getClass().getName());
                for (StackTraceElement frame : cause.getStackTrace()) {
                    printer.println("  at " + frame);
                }
            }
        }
        write(Json.object()
                .put("level", "ERROR")
                .put("event", "defect")
                .put("id", id)
                .put("trace", trace.toString()));
    }

    /** Something about the connection that an operator wants to know; never about one call. */
    public void connection(String message) {
        write(Json.object().put("level", "WARN").put("event", "connection").put("message", message));
    }

    private void write(ObjectNode line) {
        try {
            sink.accept(new String(Json.write(line), StandardCharsets.UTF_8));
        } catch (RuntimeException | LinkageError lost) {
            linesLost.increment();
        }
    }
}
