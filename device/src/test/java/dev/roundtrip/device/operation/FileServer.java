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
import org.jspecify.annotations.Nullable;

/** A server of one file, which answers ranges, and cuts off, refuses or ignores what a test says. */
final class FileServer implements AutoCloseable {
    /** What happens to the next requests: a status, {@code cut N}, {@code no-range}, {@code no-range N} or {@code silent}. */
    final Queue<String> faults = new ConcurrentLinkedQueue<>();

    /** The header {@code Range} of each request; a dash for none. */
    final List<String> ranges = Collections.synchronizedList(new ArrayList<>());

    private final HttpServer server;
    private final byte[] file;

    FileServer(byte[] file) throws IOException {
        this.file = file;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    String url() {
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

    private static int from(@Nullable String range) {
        return range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
