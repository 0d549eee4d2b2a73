package dev.roundtrip.local.faults;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which faults there shall be, and the seed that decides whom they meet; immutable, and written as it is read.
 *
 * @see #HELP
 */
public final class FaultSpec {
    /** No faults at all. */
    public static final FaultSpec NONE = new FaultSpec(0, List.of(), null);

    /** What can be written, for people. */
    public static final String HELP =
            "Faults, separated by commas; P is the part of all messages that meet one, from 0 to 1, and T a time such"
                    + " as 200ms, 2s or 1m. drop=P loses a message; delay=P:T holds it back (200ms when T is not"
                    + " given); duplicate=P delivers it twice; reorder=P lets the next one overtake it; late=P:T"
                    + " delivers it T after it expired (500ms); cut=P breaks a connection in the middle of a call;"
                    + " forge=P lets another device answer too; restart=T:U stops the broker every T and starts it"
                    + " again U later, with an empty memory (500ms); seed=N repeats the decisions of an earlier run.";

    private final long seed;
    private final List<MessageFault> messages;
    private final @Nullable Restarts restarts;

    FaultSpec(long seed, List<MessageFault> messages, @Nullable Restarts restarts) {
        this.seed = seed;
        this.messages = List.copyOf(messages);
        this.restarts = restarts;
    }

    /** Reads a text such as {@code seed=7,drop=0.01,delay=0.05:200ms,restart=10s}; without a seed, takes one by chance.
     *
     * @throws IllegalArgumentException when it is no such text; the message says what is wrong, and what there is
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
        return messages.isEmpty() && restarts == null;
    }

    List<MessageFault> messages() {
        return messages;
    }

    @Nullable Restarts restarts() {
        return restarts;
    }

    /** Whether an impostor is wanted. */
    public boolean forges() {
        return messages.stream().anyMatch(MessageFault.Forge.class::isInstance);
    }

    /** The text that {@link #parse} reads, the seed included. */
    @Override
    public String toString() {
        Stream<String> faults = messages.stream().map(FaultSpec::text);
        Stream<String> restarting = Stream.ofNullable(restarts)
                .map(each -> "restart=" + Durations.text(each.every()) + ":" + Durations.text(each.away()));
        return Stream.of(Stream.of("seed=" + seed), faults, restarting)
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
