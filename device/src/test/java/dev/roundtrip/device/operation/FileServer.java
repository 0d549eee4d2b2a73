package dev.roundtrip.device.operation;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A server of one file, which answers ranges, and cuts off, refuses or ignores what a test says. */
public final class FileServer implements AutoCloseable {
    /** What happens to the next requests: a status, {@code cut N}, {@code no-range}, {@code no-range N}, {@code silent},
     * or {@code trickle N}: N bytes at once, and then one every now and then.
     */
    public final Queue<String> faults = new ConcurrentLinkedQueue<>();

    /** Done before the body of the next answer is sent. */
    volatile Runnable inBetween = () -> {};

    /** The header {@code Range} of each request; a dash for none. */
    public final List<String> ranges = Collections.synchronizedList(new ArrayList<>());

    private final HttpServer server;
    private final byte[] file;

    public FileServer(byte[] file) throws IOException {
        this.file = file;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/pump.bin";
    }

    private void serve(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range == null ? "-" : range);
        String fault = faults.isEmpty() ? "" : faults.remove();
        if (fault.matches("[0-9]+")) {
            exchange.sendResponseHeaders(Integer.parseInt(fault), -1);
            exchange.close();
            return;
        }
        int from = from(fault.startsWith("no-range") ? null : range);
        if (from > file.length) {
            exchange.sendResponseHeaders(416, -1);
            exchange.close();
            return;
        }
        byte[] rest = Arrays.copyOfRange(file, from, file.length);
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, rest.length == 0 ? -1 : rest.length);
        OutputStream body = exchange.getResponseBody();
        inBetween.run();
        if (fault.startsWith("trickle ")) {
            trickle(body, rest, Integer.parseInt(fault.substring("trickle ".length())));
        }
        if (fault.startsWith("cut ") || fault.startsWith("no-range ")) {
            body.write(rest, 0, Integer.parseInt(fault.substring(fault.indexOf(' ') + 1)));
            body.flush();
            throw new IOException("cut off");
        }
        if (fault.equals("silent")) {
            body.flush();
            return;
        }
        body.write(rest);
        exchange.close();
    }

    private static void trickle(OutputStream body, byte[] rest, int atOnce) throws IOException {
        body.write(rest, 0, atOnce);
        for (int at = atOnce; at < rest.length; at++) {
            body.write(rest[at]);
            body.flush();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static int from(@Nullable String range) {
        return range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
