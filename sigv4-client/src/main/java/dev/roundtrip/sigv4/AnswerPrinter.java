package dev.roundtrip.sigv4;

import dev.roundtrip.cli.StandardStream;
import java.util.Optional;

/** Prints an answer: laid out on a terminal, byte for byte everywhere else. */
record AnswerPrinter(Environment environment) {

    /** Prints the status and the headers, as {@code curl -i} does. */
    void printHead(Answer answer) {
        Environment.Colour colour = answer.isSuccess() ? Environment.Colour.GREEN : Environment.Colour.RED;
        StringBuilder head =
                new StringBuilder(environment.colour(StandardStream.OUT, colour, statusLine(answer)) + "\n");
        answer.headers()
                .map()
                .forEach((name, values) -> values.forEach(
                        value -> head.append(name).append(": ").append(value).append('\n')));
        environment.print(head.append('\n').toString());
    }

    /** Prints the body. */
    void printBody(Answer answer) {
        if (!environment.terminals().contains(StandardStream.OUT) || answer.body().length == 0) {
            environment.print(answer.body());
            return;
        }
        Optional<String> pretty = PrettyJson.format(answer.body());
        if (pretty.isPresent()) {
            environment.print(pretty.get() + "\n");
        } else {
            environment.print(answer.body());
            environment.print(answer.body()[answer.body().length - 1] == '\n' ? "" : "\n");
        }
    }

    static String statusLine(Answer answer) {
        return "HTTP/1.1 " + answer.status();
    }
}
