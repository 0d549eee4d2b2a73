package dev.roundtrip.sigv4;

import java.io.IOException;
import java.util.function.Consumer;

/** Sends one request, and tells line by line what goes out and what comes back.
 *
 * @param trace takes the lines, which hold no secret
 */
record TracedSender(HttpSender sender, Consumer<String> trace) {

    /** Sends and waits for the whole answer.
     *
     * @throws CallFailedException when there is none
     */
    Answer send(SignedRequest request) {
        RequestText.head(request).forEach(line -> trace.accept("> " + line));
        try {
            Answer answer = sender.send(request);
            trace.accept("< " + AnswerPrinter.statusLine(answer));
            answer.headers()
                    .map()
                    .forEach((name, values) -> trace.accept("< " + name + ": " + String.join(", ", values)));
            trace.accept("* " + answer.body().length + " bytes after "
                    + answer.elapsed().toMillis() + " ms");
            return answer;
        } catch (IOException e) {
            throw new CallFailedException(Failure.explain(e, request.uri()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallFailedException("interrupted; the call may have had its effect", e);
        }
    }
}
