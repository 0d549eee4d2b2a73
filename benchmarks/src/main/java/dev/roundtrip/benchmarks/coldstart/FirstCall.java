package dev.roundtrip.benchmarks.coldstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A Runtime API that hands out one call as soon as it is asked for, and notes when. Thread-safe.
 *
 * <p>Source of paths and headers: AWS Lambda developer guide, "Using the Lambda runtime API".
 */
final class FirstCall implements AutoCloseable {
    private static final String ROOT = "/2018-06-01/runtime";
    private static final long TIMEOUT_MILLIS = 20_000;

    /** The kernel counts in hundredths of a second; source: proc_pid_stat(5), with the USER_HZ of every Linux. */
    private static final double MILLIS_PER_TICK = 10;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final byte[] event;
    private final CompletableFuture<Start> end = new CompletableFuture<>();
    private final CompletableFuture<Process> process = new CompletableFuture<>();
    private final CompletableFuture<Long> asked = new CompletableFuture<>();
    private volatile long began;
    private volatile long handedOut;
    private volatile double cpuBefore;

    /** @param event what the call is given, JSON */
    FirstCall(String event) throws IOException {
        this.event = event.getBytes(StandardCharsets.UTF_8);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(ROOT + "/restore/next", this::restore);
        server.createContext(ROOT + "/invocation/next", this::next);
        server.createContext(ROOT + "/invocation/", this::ended);
        server.createContext(ROOT + "/", this::failed);
        server.start();
    }

    /** {@code AWS_LAMBDA_RUNTIME_API}. */
    String address() {
        return server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    /** Starts the process that shall ask here. */
    Process start(ProcessBuilder builder) throws IOException {
        began = System.nanoTime();
        Process started = builder.start();
        process.complete(started);
        return started;
    }

    /** Waits for the call's end.
     *
     * @throws IOException when the function failed, or took too long
     */
    Start await() throws IOException, InterruptedException {
        try {
            return end.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        } catch (TimeoutException late) {
            throw new IOException("the function did not answer within " + TIMEOUT_MILLIS + " ms", late);
        }
    }

    private void restore(HttpExchange exchange) throws IOException {
        cpuBefore = cpuMillis(process.join().pid());
        began = System.nanoTime();
        reply(exchange, 200, new byte[0]);
    }

    private void next(HttpExchange exchange) throws IOException {
        if (!asked.complete(System.nanoTime())) {
            // There is no second call: it waits, as an environment does that nobody needs.
            return;
        }
        exchange.getResponseHeaders()
                .set("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
        exchange.getResponseHeaders()
                .set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + TIMEOUT_MILLIS));
        exchange.getResponseHeaders()
                .set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:123456789012:function:f");
        handedOut = System.nanoTime();
        reply(exchange, 200, event);
    }

    private void ended(HttpExchange exchange) throws IOException {
        String answer = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        long answered = System.nanoTime();
        double cpu = cpuMillis(process.join().pid()) - cpuBefore;
        reply(exchange, 202, new byte[0]);
        if (answer.contains("\"statusCode\":200")) {
            end.complete(new Start(millis(asked.join() - began), millis(answered - handedOut), cpu));
        } else {
            end.completeExceptionally(new IOException("the first call failed: " + answer));
        }
    }

    private void failed(HttpExchange exchange) throws IOException {
        String error = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        reply(exchange, 202, new byte[0]);
        end.completeExceptionally(new IOException(exchange.getRequestURI() + ": " + error));
    }

    private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static double cpuMillis(long pid) throws IOException {
        return cpuTicks(Files.readString(Path.of("/proc", Long.toString(pid), "stat"))) * MILLIS_PER_TICK;
    }

    /** Time in user and in kernel mode, of all threads; source: proc_pid_stat(5), fields 14 and 15, counted after the
     * name in brackets, which may hold
     * anything. */
    static long cpuTicks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
