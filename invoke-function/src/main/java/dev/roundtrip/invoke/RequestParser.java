package dev.roundtrip.invoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.JsonText;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Method;
import dev.roundtrip.protocol.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a call out of an HTTP request, and finds everything that is wrong with it. */
final class RequestParser {
    /** The most problems that are told, and the longest name that is repeated: the answer must not outgrow what a
     * function may answer.
     */
    private static final int MAX_PROBLEMS = 20;

    private static final int MAX_NAME_LENGTH = 128;

    private static final JsonText NOTHING = JsonText.of(NullNode.getInstance());

    private final ClientPrefix prefix;
    private final TimeLimits limits;

    /** @param prefix the deployment, to which keys belong */
    RequestParser(ClientPrefix prefix, TimeLimits limits) {
        this.prefix = prefix;
        this.limits = limits;
    }

    /** What came of a request. */
    sealed interface Parsed {
        record Valid(CallRequest request) implements Parsed {}

        record Refused(InvocationResult.Invalid result) implements Parsed {}
    }

    Parsed parse(HttpRequest request) {
        List<Problem> problems = new ArrayList<>();
        Parameters given = Parameters.of(request, problems);
        if (given.isEmpty() && !problems.isEmpty()) {
            return refused(problems);
        }
        Map<String, JsonNode> values = given.values();
        addNames(request.path(), values, problems);
        if (request.path() instanceof HttpRequest.Path.Unreadable) {
            return refused(problems);
        }
        Target target = name("target", values, Target::new, problems);
        Method method = name("method", values, Method::new, problems);
        GuaranteesParser parser = new GuaranteesParser(prefix, request, values, problems);
        JsonText payload = given.request();
        Duration timeout = timeout(values.get("timeout"), problems);
        if (payload == null && !parser.asksOnly()) {
            problems.add(missing("request"));
        }
        if (parser.asksOnly() && timeout.isZero()) {
            problems.add(new Problem("timeout", "replay=only waits for the device: timeout must be 1 or more"));
        }
        Guarantees guarantees = parser.read(new GuaranteesParser.Callee(target, method), payload);
        AbsencePolicy absence = new AbsencePolicy(
                presence(values.get("presence"), problems), wait(values.get("wait"), timeout, problems));
        if (target == null || method == null || !problems.isEmpty()) {
            return refused(problems);
        }
        return new Parsed.Valid(new CallRequest(
                target,
                method,
                payload == null ? NOTHING : payload,
                timeout,
                absence,
                guarantees,
                request.context().trace()));
    }

    /** A name in the path is the one that counts; given again, it would leave open which of the two the caller was
     * allowed.
     */
    private static void addNames(HttpRequest.Path path, Map<String, JsonNode> values, List<Problem> problems) {
        switch (path) {
            case HttpRequest.Path.Plain plain -> {}
            case HttpRequest.Path.Unreadable unreadable ->
                problems.add(new Problem("path", "the path " + unreadable.problem()));
            case HttpRequest.Path.Naming naming -> {
                addName("target", naming.target(), values, problems);
                addName("method", naming.method(), values, problems);
            }
        }
    }

    private static void addName(String name, String value, Map<String, JsonNode> values, List<Problem> problems) {
        if (values.put(name, TextNode.valueOf(value)) != null) {
            problems.add(new Problem(name, name + " stands in the path, and may not be given again"));
        }
    }

    private static Parsed refused(List<Problem> problems) {
        return new Parsed.Refused(new InvocationResult.Invalid(problems.stream()
                .limit(MAX_PROBLEMS)
                .map(RequestParser::shortened)
                .toList()));
    }

    private static Problem shortened(Problem problem) {
        String parameter = problem.parameter();
        return parameter.length() <= MAX_NAME_LENGTH
                ? problem
                : new Problem(parameter.substring(0, MAX_NAME_LENGTH) + "…", problem.message());
    }

    private static <T> @Nullable T name(
            String parameter, Map<String, JsonNode> values, Function<String, T> type, List<Problem> problems) {
        JsonNode value = values.get(parameter);
        if (value == null) {
            problems.add(missing(parameter));
            return null;
        }
        if (!value.isTextual()) {
            problems.add(new Problem(parameter, parameter + " must be a string"));
            return null;
        }
        try {
            return type.apply(value.textValue());
        } catch (MalformedNameException malformed) {
            problems.add(new Problem(parameter, String.valueOf(malformed.getMessage())));
            return null;
        }
    }

    private Duration timeout(@Nullable JsonNode value, List<Problem> problems) {
        if (value == null) {
            return limits.byDefault();
        }
        if (value.isIntegralNumber() && value.canConvertToInt()) {
            Duration timeout = Duration.ofSeconds(value.intValue());
            if (!timeout.isNegative() && timeout.compareTo(limits.max()) <= 0) {
                return timeout;
            }
        }
        problems.add(new Problem(
                "timeout",
                "timeout must be a whole number of seconds from 0 to "
                        + limits.max().toSeconds()));
        return limits.byDefault();
    }

    private static AbsencePolicy.Presence presence(@Nullable JsonNode value, List<Problem> problems) {
        if (value == null) {
            return AbsencePolicy.Presence.UNCHECKED;
        }
        if (!value.isTextual() || !value.textValue().equals("check")) {
            problems.add(new Problem("presence", "presence can be check, or be left out"));
        }
        return AbsencePolicy.Presence.CHECKED;
    }

    private static Duration wait(@Nullable JsonNode value, Duration timeout, List<Problem> problems) {
        if (value == null) {
            return Duration.ZERO;
        }
        if (value.isIntegralNumber() && value.canConvertToInt()) {
            Duration wait = Duration.ofSeconds(value.intValue());
            if (wait.isPositive() && wait.compareTo(timeout) <= 0) {
                return wait;
            }
        }
        problems.add(new Problem(
                "wait",
                timeout.isZero()
                        ? "wait needs a timeout of 1 or more"
                        : "wait must be a whole number of seconds from 1 to the timeout, " + timeout.toSeconds()));
        return Duration.ZERO;
    }

    private static Problem missing(String parameter) {
        return new Problem(parameter, parameter + " is missing");
    }
}
