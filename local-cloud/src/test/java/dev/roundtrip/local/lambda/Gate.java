package dev.roundtrip.local.lambda;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Where calls wait until a test lets them go. */
final class Gate implements AutoCloseable {
    private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> waiting = new ArrayList<>();

    Gate() throws IOException {}

    /** Its name for a function. */
    String name() {
        return Integer.toString(entrance.getLocalPort());
    }

    void awaitWaiting(int calls) throws IOException {
        while (waiting.size() < calls) {
            waiting.add(entrance.accept());
        }
    }

    /** Lets all go. */
    @Override
    public void close() throws IOException {
        entrance.close();
        for (Socket call : waiting) {
            call.close();
        }
    }
}
