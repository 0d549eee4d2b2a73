package dev.roundtrip.benchmarks.coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A function that reads its event as a JSON tree, and writes another. */
public final class TreeHandler implements RequestStreamHandler {
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        JsonNode tree = Json.mapper().readTree(event.readAllBytes());
        ObjectNode reply = Json.mapper().createObjectNode().put("statusCode", 200);
        reply.set("event", tree);
        answer.write(Json.mapper().writeValueAsBytes(reply));
    }
}
