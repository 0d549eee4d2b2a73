package dev.roundtrip.local.endtoend;

import dev.roundtrip.local.keys.TlsIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A data plane that reads each request to its end, and answers by a script. */
final class ScriptedDataPlane implements AutoCloseable {
    /** Every connection that was ever made, and every request that was read. */
    final AtomicInteger connections = new AtomicInteger();

    final AtomicInteger requests = new AtomicInteger();
    /** The first line of each request. */
    final Queue<String> lines = new ConcurrentLinkedQueue<>();

    /** Ends an answer after which the server hangs up without having said so. */
    static final String LAST = "\0";

    private final ServerSocket listening;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger mostOpen = new AtomicInteger();

    /** What a request is answered. */
    @FunctionalInterface
    interface Script {
        /** The bytes of the answer, with plain line feeds; empty to break off the connection, {@link #LAST} at the end
         * to close it afterwards. May block.
         */
        String answer(String requestLine) throws InterruptedException;
    }

    ScriptedDataPlane(TlsIdentity identity, Script script) throws IOException, GeneralSecurityException {
        this.script = script;
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        listening = tls.getServerSocketFactory().createServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** A whole answer, on a connection that stays open. */
    static String answer(int status, String errorType, String body) {
        return "HTTP/1.1 " + status + " Said\nContent-Length: " + body.length() + "\nx-amzn-ErrorType: " + errorType
                + "\n\n" + body;
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many connections are open now, and how many were at once at the most. */
    int open() {
        return open.size();
    }

    int mostOpen() {
        return mostOpen.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                connections.incrementAndGet();
                open.add(socket);
                mostOpen.accumulateAndGet(open.size(), Math::max);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            while (true) {
                int length = 0;
                String first = in.readLine();
                if (first == null) {
                    return;
                }
                for (String line = first; !line.isEmpty(); line = in.readLine()) {
                    if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(line.substring(15).strip());
                    }
                }
                for (int i = 0; i < length; i++) {
                    if (in.read() < 0) {
                        return;
                    }
                }
                requests.incrementAndGet();
                lines.add(first);
                String answer = script.answer(first);
                if (answer.isEmpty()) {
                    return;
                }
                out.write(answer.replace(LAST, "").replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                if (answer.endsWith(LAST)) {
                    return;
                }
            }
        } catch (IOException gone) {
            // The client has had enough, or does not trust us.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
