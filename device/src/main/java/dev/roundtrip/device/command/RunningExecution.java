package dev.roundtrip.device.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.update.LatestUpdate;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An execution that runs, or whose result is on its way. */
final class RunningExecution implements CommandExecution {
    private final String id;
    private final CommandFormat format;
    private final Delivery delivery;
    private final ObjectMapper mapper;
    private final LatestUpdate<ObjectNode> updates;
    private final BooleanSupplier isClosing;
    private final long arrival = System.nanoTime();
    private final ReentrantLock running = new ReentrantLock();
    private @Nullable Thread handler;

    RunningExecution(
            String id,
            CommandFormat format,
            Delivery delivery,
            ObjectMapper mapper,
            LatestUpdate<ObjectNode> updates,
            BooleanSupplier isClosing) {
        this.id = id;
        this.format = format;
        this.delivery = delivery;
        this.mapper = mapper;
        this.updates = updates;
        this.isClosing = isClosing;
    }

    LatestUpdate<ObjectNode> updates() {
        return updates;
    }

    /** The thread to interrupt when the device is closed. */
    void runsOn(Thread thread) {
        running.lock();
        try {
            handler = thread;
            if (isClosing.getAsBoolean()) {
                thread.interrupt();
            }
        } finally {
            running.unlock();
        }
    }

    /** The handler has ended: its thread, which calls this, is interrupted no more. */
    void hasRun() {
        running.lock();
        try {
            handler = null;
            boolean unused = Thread.interrupted();
        } finally {
            running.unlock();
        }
    }

    /** Interrupts the handler, where it runs. */
    void interrupt() {
        running.lock();
        try {
            if (handler != null) {
                handler.interrupt();
            }
        } finally {
            running.unlock();
        }
    }

    /** Whether the service's time was over before it began. */
    boolean isTooLate() {
        Duration left = remaining();
        return left != null && left.isZero();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public CommandFormat format() {
        return format;
    }

    @Override
    public @Nullable String contentType() {
        return delivery.contentType();
    }

    @Override
    public byte[] payload() {
        return delivery.payload().clone();
    }

    @Override
    public JsonNode json() throws CommandRejectedException {
        try {
            JsonNode read = Json.read(delivery.payload());
            if (!read.isMissingNode()) {
                return read;
            }
        } catch (MalformedJsonException noJson) {
            // Its message may quote the payload.
        }
        throw new CommandRejectedException(CommandRejectedException.INVALID_PAYLOAD, "the payload is no JSON");
    }

    @Override
    public <T> T as(Class<T> type) throws CommandRejectedException {
        try {
            T read = mapper.treeToValue(json(), type);
            if (read != null) {
                return read;
            }
        } catch (JsonProcessingException unfit) {
            // Its message may quote the payload.
        }
        throw new CommandRejectedException(
                CommandRejectedException.INVALID_PAYLOAD, "the payload is no " + type.getSimpleName());
    }

    @Override
    public @Nullable Duration remaining() {
        Duration expiry = delivery.expiry();
        if (expiry == null) {
            return null;
        }
        Duration left = expiry.minusNanos(System.nanoTime() - arrival);
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public boolean isAbandoned() {
        return isClosing.getAsBoolean() || isTooLate();
    }

    @Override
    public void progress(String code, String description) {
        updates.put(UpdateText.inProgress(new StatusReason(code, description)));
    }
}
