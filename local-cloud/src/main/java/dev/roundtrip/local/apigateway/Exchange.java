package dev.roundtrip.local.apigateway;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One request on a virtual thread of its own. The function's answer and the timeout race for the reply: exactly one gives it. */
final class Exchange {
    private final AtomicBoolean replied = new AtomicBoolean();
    private final Consumer<ApiReply> reply;
    private final Thread thread;

    /** @param serve makes the reply, and may block
     * @param reply takes the reply, once, on any thread
     * @param ended runs when {@code serve} has returned, whoever gave the reply
     * @param failure the reply when {@code serve} throws
     */
    Exchange(Supplier<ApiReply> serve, Consumer<ApiReply> reply, Consumer<Exchange> ended, ApiReply failure) {
        this.reply = reply;
        this.thread = Thread.ofVirtual().name("api-call").unstarted(() -> {
            ApiReply answer = failure;
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
    void reply(ApiReply answer) {
        if (replied.compareAndSet(false, true)) {
            reply.accept(answer);
        }
    }

    /** Interrupts the function, which is out of time. */
    void interrupt() {
        thread.interrupt();
    }
}
