package dev.roundtrip.sigv4;

import dev.roundtrip.cli.StandardStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** Runs the command in this process, in environment of the test's choice. */
record Shell(
        Account account,
        Map<String, String> variables,
        String in,
        Set<StandardStream> terminals,
        Environment.Meeting meeting) {

    /** How a run ended. */
    @SuppressWarnings("ArrayRecordComponent")
    record Ended(int code, byte[] bytes, String err) {
        String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    static Shell of(Account account) {
        return new Shell(account, Map.of("AWS_REGION", "eu-central-1"), "", Set.of(), Environment.Meeting.APART);
    }

    Shell with(Map<String, String> newVariables) {
        return new Shell(account, newVariables, in, terminals, meeting);
    }

    Shell reading(String newIn) {
        return new Shell(account, variables, newIn, terminals, meeting);
    }

    Shell onTerminal() {
        return new Shell(account, variables, in, Set.of(StandardStream.OUT, StandardStream.ERR), meeting);
    }

    /** With results and diagnosis in one place. */
    Shell together() {
        return new Shell(account, variables, in, terminals, Environment.Meeting.TOGETHER);
    }

    Ended run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        int code = run(out, err, args);
        return new Ended(code, out.toByteArray(), err.toString());
    }

    int run(OutputStream out, StringWriter err, String... args) {
        Environment environment = new Environment(
                variables,
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintWriter(err, true),
                terminals,
                meeting);
        return Main.execute(environment, profile -> account, args);
    }
}
