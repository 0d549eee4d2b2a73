package dev.roundtrip.invoke.dataplane;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The body of a reply, as far as one of the data plane can go: what is longer is no reply. Used by one exchange. */
final class ShortBody implements HttpResponse.BodySubscriber<byte[]> {
    /** 200 filters of 256 bytes, each byte written as an escape of six, and some room. Source: ListSubscriptions,
     * {@code maxResults}, and the quota of a topic's size.
     */
    static final int MAX_BYTES = 512 * 1024;

    private final HttpResponse.BodySubscriber<byte[]> bytes = HttpResponse.BodySubscribers.ofByteArray();
    private Flow.@Nullable Subscription subscription;
    private long length;

    static HttpResponse.BodyHandler<byte[]> handler() {
        return head -> new ShortBody();
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return bytes.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription upstream) {
        subscription = upstream;
        bytes.onSubscribe(upstream);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            length += buffer.remaining();
        }
        if (length <= MAX_BYTES) {
            bytes.onNext(buffers);
        } else if (subscription != null) {
            subscription.cancel();
            subscription = null;
            bytes.onError(new IOException("the reply is longer than " + MAX_BYTES + " bytes"));
        }
    }

    @Override
    public void onError(Throwable failed) {
        bytes.onError(failed);
    }

    @Override
    public void onComplete() {
        if (length <= MAX_BYTES) {
            bytes.onComplete();
        }
    }
}
