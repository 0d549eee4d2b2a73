package dev.roundtrip.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.device.job.JobResult;
import dev.roundtrip.device.method.DeviceClock;
import dev.roundtrip.device.operation.InvokeMethod;
import dev.roundtrip.device.operation.MethodCaller.LocalCall;
import dev.roundtrip.device.operation.TestExecution;
import dev.roundtrip.device.responder.CommandListener;
import dev.roundtrip.device.responder.Limits;
import dev.roundtrip.device.responder.Responder;
import dev.roundtrip.device.responder.Responder.Environment;
import dev.roundtrip.device.responder.Rules;
import dev.roundtrip.device.store.Journal;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MessageId;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.RequestKey;
import dev.roundtrip.protocol.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device's own methods, called without a gateway. */
class LocalCallsTest {
    private static final Target PUMP = new Target("pump");
    private static final String HASH = "a".repeat(43);

    private final AtomicInteger starts = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();

    private final LocalCalls calls =
            new LocalCalls(PUMP, answer -> sent.incrementAndGet(), Limits.DEFAULT.maxDeadline(), false);

    @SuppressWarnings("NullAway.Init") // set before each test
    private Responder responder;

    @BeforeEach
    void open() throws Exception {
        responder = Responder.with(
                Journal.none(),
                PUMP,
                Rules.of(Limits.DEFAULT),
                RoundtripDevice.named("pump")
                        .on("start", Integer.class, (rpm, call) -> rpm + starts.incrementAndGet())
                        .handler(),
                new Environment(DeviceClock.system(), calls, CommandListener.none()));
        calls.responder(responder::deliver);
    }

    @AfterEach
    void close() {
        responder.close();
    }

    private @Nullable AnswerMessage call(String method, String request, @Nullable Instant deadline) throws Exception {
        return calls.call(new LocalCall(
                MessageId.random(),
                new Method(method),
                JsonText.parse(request.getBytes(StandardCharsets.UTF_8)),
                new RequestKey(HASH, HASH, 60, RequestKey.Replay.OR_RUN),
                deadline));
    }

    @Test
    void method_runs_once_for_a_key_and_nothing_leaves_the_device() throws Exception {
        AnswerMessage first = call("start", "300", null);
        AnswerMessage again = call("start", "300", null);

        assertThat(first).isInstanceOf(AnswerMessage.Answered.class);
        assertThat(again).isInstanceOf(AnswerMessage.Answered.class);
        assertThat(starts).hasValue(1);
        assertThat(sent).hasValue(0);
    }

    @Test
    void rules_of_calls_hold_here_too() throws Exception {
        assertThat(call("start", "\"fast\"", null)).isInstanceOf(AnswerMessage.Refused.class);
        assertThat(call("fly", "1", null)).isInstanceOf(AnswerMessage.Refused.class);
        assertThat(call("start", "1", Instant.now().minus(Duration.ofMinutes(1))))
                .isInstanceOf(AnswerMessage.Refused.class);
        assertThat(starts).hasValue(0);
    }

    @Test
    void deadline_of_a_job_may_be_days_away() throws Exception {
        assertThat(call("start", "300", Instant.now().plus(Duration.ofDays(7))))
                .isInstanceOf(AnswerMessage.Answered.class);
    }

    private JobResult invoke(String more) throws Exception {
        return invoke(300, more);
    }

    private JobResult invoke(int request, String more) throws Exception {
        return new InvokeMethod(calls)
                .handle(new TestExecution("{'operation':'invoke','method':'start','request':" + request + more + "}"));
    }

    @Test
    void each_execution_of_a_job_calls_the_method_whatever_id_its_document_has() throws Exception {
        String id = ",'id':'343e9ba1-6820-4cef-b4a2-210a39e4ba4a'";

        assertThat(invoke(id)).isEqualTo(JobResult.succeeded(Map.of("response", "301")));
        assertThat(invoke(id)).isEqualTo(JobResult.succeeded(Map.of("response", "302")));

        assertThat(starts).hasValue(2);
    }

    @Test
    void execution_with_a_known_key_calls_nothing_and_says_so() throws Exception {
        String key = ",'id':'343e9ba1-6820-4cef-b4a2-210a39e4ba4a','key':'order-7'";

        assertThat(invoke(key)).isEqualTo(JobResult.succeeded(Map.of("response", "301")));
        assertThat(invoke(key)).isEqualTo(JobResult.succeeded(Map.of("response", "301", "replayed", "true")));
        assertThat(invoke(key.replace("343e", "444e"))).isInstanceOf(JobResult.Succeeded.class);
        assertThat(invoke(4, key))
                .isInstanceOfSatisfying(
                        JobResult.Rejected.class,
                        rejected -> assertThat(rejected.reason()).startsWith("key_reused"));

        assertThat(starts).hasValue(1);
    }
}
