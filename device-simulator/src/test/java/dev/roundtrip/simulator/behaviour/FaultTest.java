package dev.roundtrip.simulator.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.method.ManualClock;
import dev.roundtrip.device.responder.Command;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedMessageException;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Route;
import dev.roundtrip.protocol.Target;
import dev.roundtrip.simulator.method.Methods;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {
    private static final DeviceMethod METHOD = (request, call) -> request;
    private static final Step RUN = new Step.Run(METHOD);
    private static final Step ANSWER = new Step.Answer();
    private static final Behaviour HONEST = Behaviour.honest(new Methods(Map.of(), METHOD));

    private static Command command() {
        return new Command(
                new Route(new ClientPrefix("gw"), MessageId.random(), new Target("lamp"), new Method("do")),
                JsonText.of(NullNode.getInstance()),
                ManualClock.START,
                ManualClock.START.plusSeconds(1),
                Command.Gateway.ROUNDTRIP);
    }

    @Test
    void each_fault_changes_the_plan_in_its_own_way() {
        Duration second = Duration.ofSeconds(1);
        DeviceError error = new DeviceError("jammed", "");

        assertThat(HONEST.plan(command())).containsExactly(RUN, ANSWER);
        assertThat(HONEST.with(Fault.none()).plan(command())).containsExactly(RUN, ANSWER);
        assertThat(HONEST.with(Fault.silent()).plan(command())).containsExactly(RUN);
        assertThat(HONEST.with(Fault.deaf()).plan(command())).isEmpty();
        assertThat(HONEST.with(Fault.delay(second)).plan(command()))
                .containsExactly(new Step.Pause(second), RUN, ANSWER);
        assertThat(HONEST.with(Fault.duplicate()).plan(command())).containsExactly(RUN, ANSWER, ANSWER);
        assertThat(HONEST.with(Fault.failing(error)).plan(command())).containsExactly(new Step.Fail(error), ANSWER);
        assertThat(HONEST.with(Fault.late(second)).plan(command()))
                .containsExactly(RUN, new Step.PauseUntil(ManualClock.START.plusSeconds(2)), ANSWER);
    }

    @Test
    void faults_combine_in_the_order_in_which_they_are_added() {
        Duration second = Duration.ofSeconds(1);
        Fault both = Fault.duplicate().then(Fault.delay(second));

        assertThat(HONEST.with(both).plan(command())).containsExactly(new Step.Pause(second), RUN, ANSWER, ANSWER);
        assertThat(HONEST.with(Fault.silent()).with(Fault.duplicate()).plan(command()))
                .containsExactly(RUN);
        assertThat(HONEST.with(Fault.deaf()).with(Fault.delay(second)).plan(command()))
                .isEmpty();
    }

    @Property(tries = 300)
    void garbage_is_never_an_answer_to_the_call(@ForAll long seed) {
        Command command = command();
        Step step = HONEST.with(Fault.garbage(new Random(seed))).plan(command).getLast();

        byte[] payload = ((Step.Garbage) step).payload();

        boolean isAnswer;
        try {
            isAnswer = AnswerMessage.decode(payload).id().equals(command.id().toString());
        } catch (MalformedMessageException refused) {
            isAnswer = false;
        }
        assertThat(isAnswer).isFalse();
    }

    @Test
    void a_seed_decides_alike_in_every_run() {
        assertThat(silences(1)).isEqualTo(silences(1)).isNotEqualTo(silences(2));
        assertThat(silences(1).stream().filter(silent -> silent).count()).isBetween(200L, 400L);
    }

    private static List<Boolean> silences(long seed) {
        Behaviour behaviour = HONEST.with(Fault.silent().sometimes(0.3, new Random(seed)));
        return Stream.generate(() -> !behaviour.plan(command()).contains(ANSWER))
                .limit(1000)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
    void a_probability_is_from_0_to_1(double probability) {
        assertThatThrownBy(() -> Fault.silent().sometimes(probability, new Random(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
