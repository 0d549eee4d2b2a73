package dev.roundtrip.local.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.invoke.mqtt.MqttException;
import dev.roundtrip.local.check.Wire.Request;
import dev.roundtrip.protocol.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The moves that all rules are played with. Used by one thread. */
final class Player {
    /** How long nothing more may come before it counts as nothing; our choice, long for a network at home. */
    static final Duration QUIET = Duration.ofMillis(500);

    private static final Duration LONG_AGO = Duration.ofMinutes(1);

    private final Trial trial;
    private final Wire wire;

    Player(Trial trial, Wire wire) {
        this.trial = trial;
        this.wire = wire;
    }

    Trial trial() {
        return trial;
    }

    Wire wire() {
        return wire;
    }

    /** A method that shows by its answer whether it ran once more; the tried one where there is no counter. */
    Method counting() {
        return trial.counter() == null ? trial.method() : trial.counter();
    }

    boolean isCounted() {
        return trial.counter() != null;
    }

    ObjectNode payload(Request request) {
        return Wire.payload(request, trial.request(), trial.patience());
    }

    /** Sends a request with what a rule adds to its payload, and waits for its answer.
     *
     * @throws BrokenRuleException when there is none
     */
    Heard ask(Method method, Consumer<ObjectNode> more)
            throws MqttException, BrokenRuleException, InterruptedException {
        Request request = wire.request(method);
        ObjectNode payload = payload(request);
        more.accept(payload);
        wire.send(request, payload);
        return answer(request);
    }

    Heard ask(Method method) throws MqttException, BrokenRuleException, InterruptedException {
        return ask(method, payload -> {});
    }

    /** @throws BrokenRuleException when there is no answer */
    Heard answer(Request request) throws BrokenRuleException, InterruptedException {
        Heard heard = wire.next(request, trial.patience());
        if (heard == null) {
            throw new BrokenRuleException("no answer within " + trial.patience().toSeconds() + " s");
        }
        return heard;
    }

    /** Waits a little for an answer that should not come. */
    @Nullable Heard noise(Request request) throws BrokenRuleException, InterruptedException {
        return wire.next(request, QUIET);
    }

    /** A request whose deadline passed a minute ago. */
    ObjectNode expired(Request request) {
        return Wire.payload(request, trial.request(), Instant.now().minus(LONG_AGO));
    }

    /** A request as the AWS sample's gateway sends it. */
    ObjectNode withoutDeadline(Request request) {
        return Wire.payload(request, trial.request(), (Instant) null);
    }

    /** Asks the counter for its next number; what it is before and after a move tells whether the move ran.
     *
     * @throws BrokenRuleException when it does not answer a number
     */
    long count() throws MqttException, BrokenRuleException, InterruptedException {
        return ask(counting()).number();
    }

    /** @throws BrokenRuleException when the counter went on by other than what is expected */
    void counted(long before, int expected, String what)
            throws MqttException, BrokenRuleException, InterruptedException {
        long ran = count() - before - 1;
        if (ran != expected) {
            throw new BrokenRuleException(what + " ran " + ran + " times instead of " + expected);
        }
    }

    /** @throws BrokenRuleException when it does not hold */
    static void require(boolean holds, String otherwise) throws BrokenRuleException {
        if (!holds) {
            throw new BrokenRuleException(otherwise);
        }
    }

    static void requireRefusal(Heard heard, String code) throws BrokenRuleException {
        require(heard.refusal().equals(code), heard.describe() + " came instead of the refusal " + code);
    }
}
