package dev.roundtrip.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.CallLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionStarterTest {
    @Test
    void what_the_function_logs_of_its_connection_is_recognized() {
        List<String> lines = new ArrayList<>();

        new CallLog(lines::add).connection("not connected at the start: refused");

        assertThat(lines).singleElement().asString().contains(FunctionStarter.CONNECTION_TROUBLE);
    }
}
