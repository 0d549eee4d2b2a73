package dev.roundtrip.sigv4;

import java.util.Optional;

/** Prints an answer: laid out on a terminal, byte for byte everywhere else. */
record AnswerPrinter(Surroundings surroundings) {

    /** Prints the status and the headers, as {@code curl -i} does. */
    void printHead(Answer answer) {
        Surroundings.Colour colour = answer.isSuccess() ? Surroundings.Colour.GREEN : Surroundings.Colour.RED;
        StringBuilder head =
                new StringBuilder(surroundings.colour(StandardStream.OUT, colour, statusLine(answer)) + "\n");
        answer.headers()
                .map()
                .forEach((name, values) -> values.forEach(
                        value -> head.append(name).append(": ").append(value).append('\n')));
        surroundings.print(head.append('\n').toString());
    }

    /** Prints the body. */
    void printBody(Answer answer) {
        if (!surroundings.terminals().contains(StandardStream.OUT) || answer.body().length == 0) {
            surroundings.print(answer.body());
            return;
        }
        Optional<String> pretty = PrettyJson.format(answer.body());
        if (pretty.isPresent()) {
            surroundings.print(pretty.get() + "\n");
        } else {
            surroundings.print(answer.body());
            surroundings.print(answer.body()[answer.body().length - 1] == '\n' ? "" : "\n");
        }
    }

    static String statusLine(Answer answer) {
        return "HTTP/1.1 " + answer.status();
    }
}
