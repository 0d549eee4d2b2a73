package dev.roundtrip.local.lambda;

import dev.roundtrip.local.http.BodyBudget;
import dev.roundtrip.local.http.ConnectionTimes;
import dev.roundtrip.local.http.HttpListener;
import dev.roundtrip.local.http.HttpPipeline;
import dev.roundtrip.local.http.HttpServices;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;

/** The Runtime API of AWS Lambda, version 2018-06-01: each environment has one of its own. Thread-safe. */
final class RuntimeApi {
    private static final int SECRET_BYTES = 16;

    /** A runtime waits for its next call as long as it takes. What it sends comes at once: 30 s is our choice. */
    private static final ConnectionTimes TIMES =
            new ConnectionTimes(Duration.ofSeconds(30), Duration.ZERO, Duration.ZERO);

    private final EventLoopGroup loops;
    private final BodyBudget bodies = new BodyBudget();
    private final SecureRandom random = new SecureRandom();

    /** @param loops belong to somebody else */
    RuntimeApi(EventLoopGroup loops) {
        this.loops = loops;
    }

    /** Listens for one environment, on the loopback address.
     *
     * @throws IOException when no port can be listened on
     */
    Endpoint open(RuntimeRequests requests) throws IOException {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String root = "/" + HexFormat.of().formatHex(secret);
        HttpListener listener = HttpListener.bind(loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.serve(new HttpPipeline(new HttpServices(new RuntimeApiService(root, requests)), TIMES, bodies));
        return new Endpoint(listener, root);
    }

    /** Where one environment finds its Runtime API. */
    record Endpoint(HttpListener listener, String root) {

        /** {@code AWS_LAMBDA_RUNTIME_API}. Its path is secret: only the environment that was told may speak for the
         * function.
         */
        String address() {
            InetSocketAddress local = listener.address();
            return local.getAddress().getHostAddress() + ":" + local.getPort() + root;
        }

        /** Returns at once. */
        void close() {
            listener.closeNow();
        }
    }
}
