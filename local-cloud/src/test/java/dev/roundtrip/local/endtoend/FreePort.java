package dev.roundtrip.local.endtoend;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port that is known before anybody listens on it, or that nobody ever shall. */
final class FreePort {
    private static final int LOWEST = 20_000;

    /** From here on connections are given ports, and one could have it meanwhile; source: ip(7),
     * {@code ip_local_port_range}.
     */
    private static final int END = 32_768;

    private FreePort() {}

    static int any() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, END);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException taken) {
                // Another may be free.
            }
        }
    }
}
