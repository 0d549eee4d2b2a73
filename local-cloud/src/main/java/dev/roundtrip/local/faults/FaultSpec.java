package dev.roundtrip.local.faults;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which faults there shall be, and the seed that decides whom they meet; immutable, and written as it is read.
 *
 * @see #HELP
 */
public final class FaultSpec {
    /** No faults at all. */
    public static final FaultSpec NONE = new FaultSpec(0, List.of(), null, 0);

    static final String OFF = "off";

    /** What can be written, for people. */
    public static final String HELP =
            "Faults, separated by commas. P is the part of all messages that meet one, from 0 to 1, and T a time such"
                    + " as 200ms, 2s or 1m."
                    + " drop=P loses a message; delay=P:T holds it back (200ms when T is not given);"
                    + " duplicate=P delivers it twice; reorder=P lets the next one overtake it;"
                    + " late=P:T delivers it T after it expired (500ms);"
                    + " cut=P breaks a connection in the middle of a call; forge=P lets another device answer too;"
                    + " conflict=P refuses a device's update of a command execution with DataConflict;"
                    + " restart=T:U stops the broker every T and starts it again U later, with an empty memory (500ms);"
                    + " seed=N repeats the decisions of an earlier run; off means no faults.";

    private final long seed;
    private final List<MessageFault> messages;
    private final @Nullable Restarts restarts;
    private final double conflicts;

    /** @param conflicts the part of updates of command executions that meet one, 0 to 1 */
    FaultSpec(long seed, List<MessageFault> messages, @Nullable Restarts restarts, double conflicts) {
        this.seed = seed;
        this.messages = List.copyOf(messages);
        this.restarts = restarts;
        this.conflicts = conflicts;
    }

    /** Reads a text such as {@code seed=7,drop=0.01,delay=0.05:200ms,restart=10s}; without a seed, takes one by chance.
     * The text {@code off} is {@link #NONE}.
     *
     * @param text at most 1,000 characters
     * @throws IllegalArgumentException when it is no such text; the message says what is wrong, and what to write
     */
    public static FaultSpec parse(String text) {
        return FaultSpecReader.read(text);
    }

    /** What makes a run repeatable: the same seed decides alike, message after message in the order of their arrival.
     */
    public long seed() {
        return seed;
    }

    /** Whether there is no fault. */
    public boolean isNone() {
        return messages.isEmpty() && restarts == null && conflicts == 0;
    }

    List<MessageFault> messages() {
        return messages;
    }

    @Nullable Restarts restarts() {
        return restarts;
    }

    double conflicts() {
        return conflicts;
    }

    /** Whether an impostor is wanted. */
    public boolean forges() {
        return messages.stream().anyMatch(MessageFault.Forge.class::isInstance);
    }

    /** Whether it has the same faults in the same order, and the same seed: it decides alike. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FaultSpec that
                && seed == that.seed
                && messages.equals(that.messages)
                && conflicts == that.conflicts
                && Objects.equals(restarts, that.restarts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seed, messages, restarts, conflicts);
    }

    /** The text that {@link #parse} reads, the seed included: parsing it gives an equal spec. */
    @Override
    public String toString() {
        if (equals(NONE)) {
            return OFF;
        }
        Stream<String> faults = messages.stream().map(FaultSpec::text);
        Stream<String> restarting = Stream.ofNullable(restarts)
                .map(each -> "restart=" + Durations.text(each.every()) + ":" + Durations.text(each.away()));
        Stream<String> conflicting = conflicts == 0 ? Stream.of() : Stream.of("conflict=" + Shares.text(conflicts));
        return Stream.of(Stream.of("seed=" + seed), faults, conflicting, restarting)
                .flatMap(part -> part)
                .collect(Collectors.joining(","));
    }

    private static String text(MessageFault fault) {
        String share = fault.word() + "=" + Shares.text(fault.share());
        return switch (fault) {
            case MessageFault.Delay delay -> share + ":" + Durations.text(delay.by());
            case MessageFault.Late late -> share + ":" + Durations.text(late.by());
            case MessageFault.Drop drop -> share;
            case MessageFault.Duplicate duplicate -> share;
            case MessageFault.Reorder reorder -> share;
            case MessageFault.Cut cut -> share;
            case MessageFault.Forge forge -> share;
        };
    }
}
