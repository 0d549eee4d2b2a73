package dev.roundtrip.local.endtoend;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A cable between a function and its broker that can be cut in three ways. What is connected afterwards is well. */
final class BadCable implements AutoCloseable {
    /** How a connection ends. */
    enum Cut {
        /** Its peer hangs up. */
        FIN,
        /** Its peer knows nothing of it. */
        RST,
        /** Everything is swallowed, in both directions. */
        SILENCE
    }

    private final ServerSocket listener;
    private final int broker;
    /** The oldest first. */
    private final Queue<Wire> wires = new ConcurrentLinkedQueue<>();

    BadCable(int broker) throws IOException {
        this.broker = broker;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket function = listener.accept();
                Wire wire = new Wire(function, new Socket(InetAddress.getLoopbackAddress(), broker));
                wires.add(wire);
                Thread.ofVirtual().start(() -> wire.pass(wire.function, wire.broker));
                Thread.ofVirtual().start(() -> wire.pass(wire.broker, wire.function));
            }
        } catch (IOException closed) {
            // So ends the test.
        }
    }

    /** Cuts what is connected now. */
    void cut(Cut how) {
        for (Wire wire : List.copyOf(wires)) {
            wires.remove(wire);
            wire.cut(how);
        }
    }

    /** Cuts what has been connected for the longest time. */
    void cutOldest(Cut how) {
        Wire oldest = wires.poll();
        if (oldest != null) {
            oldest.cut(how);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut(Cut.FIN);
    }

    /** One connection. */
    private static final class Wire {
        private final Socket function;
        private final Socket broker;
        private volatile boolean swallowing;

        Wire(Socket function, Socket broker) throws IOException {
            this.function = function;
            this.broker = broker;
            function.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
        }

        void cut(Cut how) {
            switch (how) {
                case FIN -> close();
                case RST -> reset();
                case SILENCE -> swallowing = true;
            }
        }

        void pass(Socket from, Socket to) {
            byte[] buffer = new byte[16 * 1024];
            try {
                int length = from.getInputStream().read(buffer);
                while (length >= 0) {
                    if (!swallowing) {
                        to.getOutputStream().write(buffer, 0, length);
                    }
                    length = from.getInputStream().read(buffer);
                }
                if (!swallowing) {
                    close();
                }
            } catch (IOException ended) {
                close();
            }
        }

        void reset() {
            try {
                function.setSoLinger(true, 0);
            } catch (IOException ended) {
                // One of its ends hung up before.
            }
            close();
        }

        void close() {
            try (function;
                    broker) {
                function.shutdownOutput();
            } catch (IOException ended) {
                // It is closed all the same.
            }
        }
    }
}
