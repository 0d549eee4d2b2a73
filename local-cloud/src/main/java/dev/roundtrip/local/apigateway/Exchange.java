package dev.roundtrip.local.apigateway;

import dev.roundtrip.local.http.HttpReply;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One request on a virtual thread of its own. The function's answer and the timeout race for the reply: exactly one
 * gives it.
 */
final class Exchange {
    private final AtomicBoolean replied = new AtomicBoolean();
    private final Consumer<HttpReply> reply;
    private final Thread thread;

    /** @param serve makes the reply, and may block
     * @param reply takes the reply, once, on any thread
     * @param ended runs when {@code serve} has returned, whoever gave the reply
     * @param failure the reply when {@code serve} throws
     */
    Exchange(Supplier<HttpReply> serve, Consumer<HttpReply> reply, Consumer<Exchange> ended, HttpReply failure) {
        this.reply = reply;
        this.thread = Thread.ofVirtual().name("api-call").unstarted(() -> {
            HttpReply answer = failure;
            try {
                answer = serve.get();
            } finally {
                ended.accept(this);
                reply(answer);
            }
        });
    }

    void start() {
        thread.start();
    }

    /** Replies unless somebody has. */
    void reply(HttpReply answer) {
        if (replied.compareAndSet(false, true)) {
            reply.accept(answer);
        }
    }

    /** Interrupts the function, which is out of time. */
    void interrupt() {
        thread.interrupt();
    }
}
