package dev.roundtrip.local.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Carries bytes between a client and a server, and can stop doing so without closing anything. */
final class StallingProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch flowing = new CountDownLatch(0);

    /** Listens on any port of the loopback address.
     *
     * @param target the server's port on the same address
     */
    StallingProxy(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** From now on nothing is read, in either direction. */
    void stall() {
        flowing = new CountDownLatch(1);
    }

    /** What was held up goes on. */
    void resume() {
        flowing.countDown();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                Thread.ofVirtual().name("proxy").start(() -> carry(client, server));
                Thread.ofVirtual().name("proxy").start(() -> carry(server, client));
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    private void carry(Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                flowing.await();
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException closed) {
            // Both ends are closed then.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        resume();
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
