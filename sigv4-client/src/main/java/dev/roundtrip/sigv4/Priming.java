package dev.roundtrip.sigv4;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Makes one signed call to a server of its own.
 *
 * <p>The launcher has the JVM write down which classes that takes, so that later calls start sooner. Nobody else needs
 * this program.
 */
final class Priming {
    private static final String ANSWER = """
            HTTP/1.1 200 OK\r
            Content-Type: application/json\r
            Content-Length: 15\r
            \r
            {"result":"ok"}""";

    private Priming() {}

    /** Calls once, and ends the process as {@link Main} does. */
    public static void main(String[] args) throws IOException {
        // What a call with https needs beyond that.
        var unused = Trust.system();
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> answer(server));
        Main.main(
                new String[] {"http://127.0.0.1:" + server.getLocalPort() + "/Prod/invoke?target=a&method=b&request="});
    }

    private static void answer(ServerSocket server) {
        try (server;
                Socket caller = server.accept();
                BufferedReader request =
                        new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
                // The call is not looked at.
            }
            caller.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
