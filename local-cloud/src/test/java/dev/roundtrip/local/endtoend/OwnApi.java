package dev.roundtrip.local.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.protocol.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;

/** Asks a local cloud over its local API. */
record OwnApi(TestCloud cloud, HttpClient http) {
    OwnApi(TestCloud cloud) {
        this(cloud, HttpClient.newHttpClient());
    }

    HttpRequest.Builder request(String path) throws Exception {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/_roundtrip/v1/" + path))
                .header("Authorization", "Bearer " + token());
    }

    int port() {
        return cloud.cloud().apiEndpoint().getPort();
    }

    String token() throws Exception {
        return Files.readString(cloud.cloud().state().path().resolve("token")).strip();
    }

    HttpResponse<String> send(HttpRequest request) throws Exception {
        return http.send(request, BodyHandlers.ofString());
    }

    JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = send(request(path).build());
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return Json.mapper().readTree(answer.body());
    }

    /** The diagnosis of the call that an answer ended. */
    JsonNode diagnosis(HttpResponse<?> answer) throws Exception {
        return get("calls/" + answer.headers().firstValue("x-amzn-RequestId").orElseThrow())
                .path("diagnosis");
    }
}
