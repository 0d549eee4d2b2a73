package dev.roundtrip.device.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.device.job.JobRejectedException;
import dev.roundtrip.device.job.JobResult;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.RequestKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Methods, resets, diagnostics and steps, as documents ask for them. */
class OperationsTest {
    private final List<String> done = new ArrayList<>();

    private final class Caller implements MethodCaller {
        private @Nullable AnswerMessage answer = new AnswerMessage.Answered("x", JsonText.string("ok"));
        private boolean remembersKeys;
        private RequestKey.@Nullable Replay replay;

        @Override
        public @Nullable AnswerMessage call(LocalCall call) {
            done.add(call.method() + " " + call.key().value());
            replay = call.key().replay();
            return answer;
        }

        @Override
        public boolean remembersKeys() {
            return remembersKeys;
        }
    }

    private final class Board implements ResetPort {
        private String generation = "first";

        @Override
        public String generation(String kind) {
            return generation;
        }

        @Override
        public Set<String> kinds() {
            return Set.of("reboot", "factory");
        }

        @Override
        public void reset(String kind) {
            done.add(kind);
        }
    }

    @Test
    void method_is_called_once_and_what_becomes_of_it_is_told() throws Exception {
        Caller caller = new Caller();
        TestExecution execution = new TestExecution("{'operation':'invoke','method':'start','request':{'rpm':3}}");

        assertThat(new InvokeMethod(caller).handle(execution))
                .isEqualTo(JobResult.succeeded(Map.of("response", "\"ok\"")));
        assertThat(new InvokeMethod(caller).handle(execution.again())).isInstanceOf(JobResult.Failed.class);
        assertThat(done).hasSize(1);

        caller.remembersKeys = true;
        assertThat(new InvokeMethod(caller).handle(execution.again())).isInstanceOf(JobResult.Succeeded.class);
        assertThat(done).hasSize(2).allMatch(done.getFirst()::equals);
    }

    @Test
    void method_that_had_begun_before_a_restart_is_asked_for_and_never_run_again() throws Exception {
        Caller caller = new Caller();
        caller.remembersKeys = true;
        TestExecution execution = new TestExecution("{'operation':'invoke','method':'start'}");
        var unused = new InvokeMethod(caller).handle(execution);
        assertThat(caller.replay).isEqualTo(RequestKey.Replay.OR_RUN);
        caller.answer = new AnswerMessage.Refused("x", new DeviceRefusal(DeviceRefusal.UNKNOWN_KEY, "unknown"));

        JobResult result = new InvokeMethod(caller).handle(execution.again());

        assertThat(caller.replay).isEqualTo(RequestKey.Replay.ONLY);
        assertThat(result)
                .isEqualTo(JobResult.failed("interrupted: the method may have run before the device restarted"));
    }

    @Test
    void response_is_told_whole_in_parts_or_by_its_length_and_never_cut() {
        String quote = String.valueOf((char) 34);
        String zeroWidth = String.valueOf((char) 0x200b);
        String longer = quote + "x".repeat(3_000) + quote;

        assertThat(ResponseDetails.of("{ }\n")).isEqualTo(Map.of("response", "{ } "));
        assertThat(ResponseDetails.of(quote + "ä" + zeroWidth + quote))
                .isEqualTo(Map.of("response", quote + "ä\\u200b" + quote));
        Map<String, String> parts = ResponseDetails.of(longer);
        assertThat(parts.keySet()).containsExactly("response:0", "response:1", "response:2");
        assertThat(String.join("", parts.values())).isEqualTo(longer);
        assertThat(ResponseDetails.of(quote + "x".repeat(9_000) + quote))
                .containsEntry("responseLength", "9002")
                .doesNotContainKey("response:0");
    }

    @Test
    void each_ending_of_a_method_is_an_ending_of_the_job() throws Exception {
        Caller caller = new Caller();
        InvokeMethod invoke = new InvokeMethod(caller);
        String document = "{'method':'start','id':'343e9ba1-6820-4cef-b4a2-210a39e4ba4a','key':'k','deadline':9}";

        caller.answer = new AnswerMessage.Failed("x", new DeviceError("stuck", "it does not turn"));
        assertThat(invoke.handle(new TestExecution(document)))
                .isEqualTo(JobResult.failed("it does not turn", Map.of("code", "stuck")));
        caller.answer = new AnswerMessage.Refused("x", new DeviceRefusal("expired", "too late"));
        assertThat(invoke.handle(new TestExecution(document))).isEqualTo(JobResult.rejected("expired: too late"));
        caller.answer = new AnswerMessage.Refused("x", new DeviceRefusal(DeviceRefusal.BUSY, "later"));
        assertThat(invoke.handle(new TestExecution(document))).isInstanceOf(JobResult.Failed.class);
        caller.answer = null;
        assertThat(invoke.handle(new TestExecution(document))).isInstanceOf(JobResult.Failed.class);
    }

    @Test
    void call_that_breaks_a_rule_is_rejected() {
        for (String document : List.of(
                "{}",
                "{'method':7}",
                "{'method':'a/b'}",
                "{'method':'a','id':'1'}",
                "{'method':'a','deadline':'x'}",
                "{'method':'a','key':7}")) {
            assertThatThrownBy(() -> new InvokeMethod(new Caller()).handle(new TestExecution(document)))
                    .isInstanceOf(JobRejectedException.class);
        }
        assertThat(done).isEmpty();
    }

    @Test
    void reset_is_told_before_and_succeeds_afterwards() throws Exception {
        Board board = new Board();
        Reset reset = new Reset(board);
        TestExecution execution = new TestExecution("{'operation':'reset','kind':'reboot'}");

        assertThat(reset.handle(execution)).isEqualTo(JobResult.resumesAfterRestart());
        assertThat(execution.details).containsEntry("resetting", "reboot");
        board.generation = "second";
        assertThat(reset.handle(execution.again())).isEqualTo(JobResult.succeeded());

        assertThat(done).containsExactly("reboot");
        assertThatThrownBy(() -> reset.handle(new TestExecution("{'kind':'melt'}")))
                .isInstanceOf(JobRejectedException.class)
                .hasMessage("the document's kind must be one of factory, reboot");
        TestExecution cancelled = new TestExecution("{'kind':'reboot'}");
        cancelled.isCancelled = true;
        assertThat(reset.handle(cancelled)).isEqualTo(JobResult.stopped());
        assertThat(done).hasSize(1);
    }

    @Test
    void reset_that_a_kill_cut_off_begins_again_and_has_failed_when_it_never_ends() throws Exception {
        Board board = new Board();
        Reset reset = new Reset(board);
        TestExecution execution = new TestExecution("{'operation':'reset','kind':'factory'}");

        assertThat(reset.handle(execution)).isEqualTo(JobResult.resumesAfterRestart());
        assertThat(reset.handle(execution.again())).isEqualTo(JobResult.resumesAfterRestart());
        assertThat(reset.handle(execution.again())).isEqualTo(JobResult.resumesAfterRestart());
        assertThat(done).containsExactly("factory", "factory", "factory");

        assertThat(reset.handle(execution.again()))
                .isEqualTo(JobResult.failed("the reset began 3 times, and the device is the one that it was before"));
        board.generation = "second";
        assertThat(reset.handle(execution.again())).isEqualTo(JobResult.succeeded());
        assertThat(done).hasSize(3);
    }

    @Test
    void diagnostics_are_status_details() throws Exception {
        assertThat(new Diagnostics(document -> Map.of("bar", document.path("at").asText()))
                        .handle(new TestExecution("{'at':'inlet'}")))
                .isEqualTo(JobResult.succeeded(Map.of("bar", "inlet")));
    }

    private Steps steps() {
        return new Steps()
                .on("echo", step -> StepOutcome.done(String.join(" ", step.arguments())))
                .on("note", step -> {
                    done.add(step.name() + " " + step.user() + " " + step.arguments());
                    return StepOutcome.done("");
                })
                .on("fail", step -> StepOutcome.failed(3, "no\npower"))
                .on("reboot", step -> {
                    if (step.execution().memory().containsKey("rebooting")) {
                        return StepOutcome.done("");
                    }
                    step.execution().remember(Map.of("rebooting", "yes"));
                    return StepOutcome.resumesAfterRestart();
                });
    }

    private static String step(String handler, String more) {
        return ("{'action':{'name':'n-%s','type':'runHandler','runAsUser':'pi',"
                        + "'input':{'handler':'%s','args':['a','b']}%s}}")
                .formatted(handler, handler, more);
    }

    private static String document(String... steps) {
        return "{'version':'1.0','steps':[" + String.join(",", steps) + "]";
    }

    @Test
    void older_schema_of_the_tutorial_is_understood() throws Exception {
        assertThat(steps().handle(new TestExecution(
                        "{'operation':'echo','args':['Hello world!'],'includeStdOut':'true'}")))
                .isEqualTo(JobResult.succeeded(Map.of("stdout", "Hello world!")));
    }

    @Test
    void steps_run_in_order_and_the_final_one_last() throws Exception {
        String document = document(step("note", ""), step("echo", "")) + ",'finalStep':" + step("note", "")
                + ",'includeStdOut':true,'conditions':[{'key':'os','value':['x'],'type':'stringEqual'}]}";

        assertThat(steps().handle(new TestExecution(document))).isEqualTo(JobResult.succeeded(Map.of("stdout", "a b")));
        assertThat(done).containsExactly("n-note pi [a, b]", "n-note pi [a, b]");
    }

    @Test
    void first_failure_ends_it_unless_it_is_ignored() throws Exception {
        assertThat(steps().handle(new TestExecution(document(step("fail", ""), step("note", "")) + "}")))
                .isEqualTo(JobResult.failed("Exited with status: 3", Map.of("stderr", "no\npower")));
        assertThat(done).isEmpty();

        assertThat(steps().handle(new TestExecution(
                        document(step("fail", ",'ignoreStepFailure':'true'"), step("note", "")) + "}")))
                .isInstanceOf(JobResult.Succeeded.class);
        assertThat(done).hasSize(1);
    }

    @Test
    void restart_in_a_step_repeats_no_step_before_it() throws Exception {
        TestExecution execution =
                new TestExecution(document(step("note", ""), step("reboot", ""), step("note", "")) + "}");

        assertThat(steps().handle(execution)).isEqualTo(JobResult.resumesAfterRestart());
        assertThat(done).hasSize(1);
        assertThat(steps().handle(execution.again())).isInstanceOf(JobResult.Succeeded.class);

        assertThat(done).hasSize(2);
    }

    @Test
    void power_cut_in_a_step_is_told_and_the_step_is_not_run_again() throws Exception {
        TestExecution execution = new TestExecution(document(step("note", ""), step("halt", "")) + "}");
        Steps steps = steps().on("halt", step -> {
            assertThat(execution.details).containsEntry("step", "1 begun");
            throw new InterruptedException("the power is off");
        });
        assertThatThrownBy(() -> steps.handle(execution)).isInstanceOf(InterruptedException.class);

        assertThat(steps.handle(execution.again()))
                .isEqualTo(JobResult.failed("interrupted: the step 'n-halt' had begun before the device restarted,"
                        + " and may have been done in part"));
        assertThat(done).hasSize(1);
    }

    @Test
    void step_that_may_be_done_twice_goes_on_after_a_power_cut() throws Exception {
        TestExecution execution = new TestExecution(document(step("board", ""), step("note", "")) + "}");
        Steps steps = steps().onResuming("board", step -> {
            if (!step.isResumed()) {
                throw new InterruptedException("the power is off");
            }
            return StepOutcome.done("");
        });
        assertThatThrownBy(() -> steps.handle(execution)).isInstanceOf(InterruptedException.class);

        assertThat(steps.handle(execution.again())).isInstanceOf(JobResult.Succeeded.class);
        assertThat(done).hasSize(1);
    }

    @Test
    void command_is_its_first_word_and_nothing_is_run_by_a_shell() throws Exception {
        String document = "{'version':'1.0','steps':[{'action':{'name':'c','type':'runCommand',"
                + "'input':{'command':'echo, $(reboot), ;x'}}}],'includeStdOut':'true'}";

        assertThat(steps().handle(new TestExecution(document)))
                .isEqualTo(JobResult.succeeded(Map.of("stdout", "$(reboot) ;x")));
    }

    @Test
    void unknown_handlers_and_wrong_documents_are_rejected_before_the_first_step() {
        for (String document : List.of(
                "{'x':1}",
                "{'operation':'rm','args':['-rf','/']}",
                "{'version':'2.0','steps':[]}",
                "{'version':'1.0','steps':[]}",
                document(step("note", ""), step("unknown", "")) + "}",
                "{'version':'1.0','steps':[{'action':{'name':'n','type':'runNothing','input':{}}}]}",
                "{'version':'1.0','steps':[{'action':{'name':'n','type':'runCommand','input':{'command':'a b'}}}]}",
                "{'version':'1.0','steps':[{'action':{'name':'n','type':'runHandler',"
                        + "'input':{'handler':'note','args':7}}}]}")) {
            assertThatThrownBy(() -> steps().handle(new TestExecution(document)))
                    .isInstanceOf(JobRejectedException.class);
        }
        assertThat(done).isEmpty();
    }
}
