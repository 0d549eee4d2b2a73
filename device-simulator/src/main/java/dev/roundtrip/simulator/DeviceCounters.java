package dev.roundtrip.simulator;

/** How often what happened, since the device was made; see {@link dev.roundtrip.device.responder.CommandEvent}.
 *
 * @param received well-formed commands, repetitions included
 * @param ran methods begun
 * @param answered publications that the broker took
 * @param refused commands not run: past the deadline, too many at once
 * @param repeated commands whose message id or key was seen before
 * @param unanswered commands whose plan ended without a publication
 * @param discarded messages that were no commands
 */
public record DeviceCounters(
        long received, long ran, long answered, long refused, long repeated, long unanswered, long discarded) {
    static final DeviceCounters ZERO = new DeviceCounters(0, 0, 0, 0, 0, 0, 0);

    DeviceCounters plus(DeviceCounters other) {
        return new DeviceCounters(
                received + other.received,
                ran + other.ran,
                answered + other.answered,
                refused + other.refused,
                repeated + other.repeated,
                unanswered + other.unanswered,
                discarded + other.discarded);
    }
}
