package dev.roundtrip.local.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/** A function that does what its event's path says, and tells who it is. */
public final class ScriptedFunction
        implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    public ScriptedFunction() {
        if ("init".equals(System.getenv("FAILING"))) {
            throw new IllegalStateException("it was told not to start");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("said goodbye")));
    }

    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
        String body = String.valueOf(ProcessHandle.current().pid());
        switch (event.getPath()) {
            case "/pid" -> {}
            case "/variable" -> body = String.valueOf(System.getenv(event.getBody()));
            case "/remaining" -> body = String.valueOf(context.getRemainingTimeInMillis());
            case "/throw" -> throw new IllegalArgumentException("it was told to");
            case "/overflow" -> body = overflow(body);
            case "/halt" -> Runtime.getRuntime().halt(3);
            case "/hang" -> hang();
            case "/wait" -> waitAt(Integer.parseInt(event.getBody()));
            default -> throw new IllegalArgumentException(event.getPath());
        }
        return new APIGatewayProxyResponseEvent().withStatusCode(200).withBody(body);
    }

    @SuppressWarnings("InfiniteRecursion") // It is meant to overflow.
    private static String overflow(String deeper) {
        return overflow(deeper) + deeper;
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Shows itself at a gate, and waits until it opens. */
    private static void waitAt(int gate) {
        try (Socket waiting = new Socket(InetAddress.getLoopbackAddress(), gate)) {
            int open = waiting.getInputStream().read();
            assert open == -1;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
