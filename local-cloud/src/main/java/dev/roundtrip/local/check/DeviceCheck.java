package dev.roundtrip.local.check;

import dev.roundtrip.invoke.mqtt.MqttChannel;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.protocol.ClientPrefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Plays every rule of the contract against a device, one after the other. */
public final class DeviceCheck {
    private static final int PATIENCES_TO_RECONNECT = 12;

    private final Trial trial;
    private final MqttChannel.Connector connector;
    private final ClientPrefix prefix;
    private final Interruption interruption;

    /** Ends the device's connection, as a network does. */
    @FunctionalInterface
    public interface Interruption {

        /** Returns when the connection has ended.
         *
         * @throws InterruptionFailedException when it did not
         */
        void interrupt() throws InterruptionFailedException, InterruptedException;
    }

    /** The device's connection could not be ended; the message says why. */
    public static final class InterruptionFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        public InterruptionFailedException(String message) {
            super(message);
        }
    }

    /** @param connector opens a gateway's connection
     * @param prefix the deployment that the gateway belongs to
     */
    public DeviceCheck(Trial trial, MqttChannel.Connector connector, ClientPrefix prefix, Interruption interruption) {
        this.trial = trial;
        this.connector = connector;
        this.prefix = prefix;
        this.interruption = interruption;
    }

    /** What is done for one rule; returns a remark. */
    private interface Move {
        String play() throws MqttException, BrokenRuleException, InterruptionFailedException, InterruptedException;
    }

    /** Plays all rules. A device that breaks the first one, or floods the check with answers, is asked nothing more.
     *
     * @param progress told each verdict when it is there
     * @throws MqttException when the broker cannot be reached, or refuses
     */
    public Report run(Consumer<Verdict> progress) throws MqttException, InterruptedException {
        List<Verdict> verdicts = new ArrayList<>();
        try (Wire wire = new Wire(connector, prefix, trial.device())) {
            Player player = new Player(trial, wire);
            RequiredRules required = new RequiredRules(player);
            RecommendedRules recommended = new RecommendedRules(player);
            MemoryRules memory = new MemoryRules(player);
            for (Rule rule : Rule.values()) {
                Move move = switch (rule) {
                    case ANSWERS -> required::answers;
                    case REPEATS -> required::repeats;
                    case DEADLINE -> required::deadline;
                    case TOPICS -> required::topics;
                    case REFUSALS -> recommended::refusals;
                    case KEYS -> memory::keys;
                    case LANES -> memory::lanes;
                    case BEGUN -> recommended::begun;
                    case SAMPLE -> recommended::sample;
                    case INSTANCE -> recommended::instance;
                    case GARBAGE -> recommended::garbage;
                    case SIZES -> recommended::sizes;
                    case RECONNECTS -> () -> reconnects(player);
                };
                String obstacle = obstacle(verdicts, wire);
                Verdict verdict = obstacle == null ? verdict(rule, move, wire) : Verdict.unseen(rule, obstacle);
                verdicts.add(verdict);
                progress.accept(verdict);
            }
        }
        return new Report(verdicts);
    }

    /** Why no more rules can be played; null when they can. */
    private static @Nullable String obstacle(List<Verdict> verdicts, Wire wire) {
        if (verdicts.isEmpty()) {
            return null;
        }
        if (wire.isFlooded()) {
            return "not tried, because the device floods the check with answers";
        }
        return verdicts.getFirst().finding() == Verdict.Finding.BROKEN
                ? "not tried, because the device breaks the rule " + Rule.ANSWERS.word()
                : null;
    }

    private static Verdict verdict(Rule rule, Move move, Wire wire) throws MqttException, InterruptedException {
        try {
            String remark = move.play();
            wire.requireNoFlood();
            return Verdict.kept(rule, remark);
        } catch (BrokenRuleException broken) {
            return Verdict.broken(rule, String.valueOf(broken.getMessage()));
        } catch (InterruptionFailedException impossible) {
            return Verdict.unseen(rule, String.valueOf(impossible.getMessage()));
        }
    }

    /** A device may take its time to come back: it is asked again for a minute, where its answers may take 5 s. */
    private String reconnects(Player player)
            throws MqttException, BrokenRuleException, InterruptionFailedException, InterruptedException {
        interruption.interrupt();
        Duration limit = trial.patience().multipliedBy(PATIENCES_TO_RECONNECT);
        long began = System.nanoTime();
        while (System.nanoTime() - began < limit.toNanos()) {
            Wire.Request request = player.wire().request(trial.method());
            player.wire().send(request, player.payload(request));
            if (player.wire().next(request, trial.patience()) != null) {
                return "within " + ((System.nanoTime() - began) / 1_000_000_000L + 1) + " s";
            }
        }
        throw new BrokenRuleException("no answer within " + limit.toSeconds() + " s after its connection ended");
    }
}
