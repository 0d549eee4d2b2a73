package dev.roundtrip.device.responder;

import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.Lane;
import dev.roundtrip.protocol.Order;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why a device does not run a command. */
public final class Refusals {
    private static final int SOON = 1;

    /** The longest time that can be told in milliseconds: a deadline may be any number. */
    private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);

    /** Too many calls are at work. */
    public static final DeviceRefusal BUSY =
            new DeviceRefusal(DeviceRefusal.BUSY, "the device has too many calls at once", SOON);

    /** The device is being closed; nothing is answered. */
    public static final DeviceRefusal CLOSING = new DeviceRefusal("closing", "the device is closing");

    /** Every key that can be remembered names a call that is at work. */
    static final DeviceRefusal NO_ROOM_FOR_A_KEY = new DeviceRefusal(
            DeviceRefusal.BUSY, "the device has too many calls with a key or a sequence at once", SOON);

    static final DeviceRefusal TOO_MANY_WAIT_FOR_THE_KEY = new DeviceRefusal(
            DeviceRefusal.BUSY, "the call with this key is at work, and too many others wait for its outcome", SOON);

    static final DeviceRefusal TOO_MANY_LANES =
            new DeviceRefusal(DeviceRefusal.BUSY, "the device has too many lanes", SOON);

    static final DeviceRefusal NOT_WRITTEN =
            new DeviceRefusal("storage", "the device cannot write down that the call begins, and does not run it");

    static final DeviceRefusal KEY_REUSED =
            new DeviceRefusal(DeviceRefusal.KEY_REUSED, "the key was used for another request");

    static final DeviceRefusal UNKNOWN_KEY =
            new DeviceRefusal(DeviceRefusal.UNKNOWN_KEY, "the device knows nothing of the key, and runs nothing");

    private Refusals() {}

    /** The deadline is past. */
    public static DeviceRefusal expired(Instant deadline, Instant now) {
        Duration late = Duration.between(deadline, now);
        long millis = late.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : late.toMillis();
        return new DeviceRefusal(
                DeviceRefusal.EXPIRED, "the deadline passed " + millis + " ms ago by this device's clock");
    }

    static DeviceRefusal tooFar(Instant deadline, Instant now) {
        return new DeviceRefusal(
                DeviceRefusal.EXPIRED,
                "the deadline is " + Duration.between(now, deadline).toSeconds()
                        + " s ahead by this device's clock, further than any call's: compare the clocks");
    }

    /** Why a request does not run in a lane; null when it may. */
    static @Nullable DeviceRefusal outOfSequence(Order order, Lane lane) {
        if (order.epoch() != null && !order.epoch().equals(lane.epoch())) {
            return outOfSequence("the counters of lane '" + lane.name() + "' have the epoch " + lane.epoch() + ", not "
                    + order.epoch());
        }
        if (order.sequence() <= lane.last()) {
            return outOfSequence("sequence " + order.sequence() + " is not greater than " + lane.last()
                    + ", the last one that ran in lane '" + lane.name() + "'");
        }
        if (order.after() != null && order.after() != lane.last()) {
            return outOfSequence(
                    "the last one that ran in lane '" + lane.name() + "' is " + lane.last() + ", not " + order.after());
        }
        return null;
    }

    static DeviceRefusal outOfSequence(String message) {
        return new DeviceRefusal(DeviceRefusal.OUT_OF_SEQUENCE, message);
    }

    static DeviceRefusal invalid(String message) {
        return new DeviceRefusal(DeviceRefusal.INVALID_REQUEST, message);
    }
}
