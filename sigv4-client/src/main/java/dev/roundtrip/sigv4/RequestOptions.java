package dev.roundtrip.sigv4;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The part of the command line that says what to send. */
final class RequestOptions {
    static final HeaderLine JSON = new HeaderLine("Content-Type", "application/json");

    @Parameters(
            paramLabel = "URL",
            description = {
                "The URL to call, percent-encoded or not: spaces, quotes and letters beyond ASCII are"
                        + " encoded when needed (quote the URL for your shell). In the query, + means a space, %%2B a"
                        + " plus sign, and %%26 an & inside a value."
            })
    String url = "";

    @Option(
            names = {"-X", "--request"},
            paramLabel = "METHOD",
            description = "The HTTP method. Default: POST with -d, else GET")
    @Nullable String method;

    @Option(
            names = {"-d", "--data"},
            paramLabel = "BODY",
            description = {
                "The body: a text, @FILE for the bytes of a file, or - for the bytes of standard input. The"
                        + " Content-Type is application/json unless -H gives another."
            })
    @Nullable String data;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "LINE",
            description = "A header to sign and send: 'Name: value'. May be given several times.")
    List<HeaderLine> headers = new ArrayList<>();

    @Option(
            names = "--targets",
            paramLabel = "NAMES",
            description = {
                "With --repeat: the calls go to these devices in turn, and the summary has a line for each. {target} in"
                        + " the URL or in the body stands for the name. NAMES has commas between the names, or is"
                        + " @FILE with a name in each line."
            })
    @Nullable String targets;

    /** What -d says, read now.
     *
     * @throws IllegalArgumentException when it cannot be read
     */
    RequestBody body(InputStream in) {
        return RequestBody.of(data, in);
    }

    /** The request with the given body and just the headers that were given.
     *
     * @throws IllegalArgumentException when a part of it breaks its rule
     */
    UnsignedRequest request(RequestBody body) {
        return request(url, body.bytes());
    }

    private UnsignedRequest request(String url, byte[] body) {
        if (url.contains("X-Amz-Signature=")) {
            throw new IllegalArgumentException(
                    "this URL is signed already; call it with curl, or give the one without X-Amz-…");
        }
        return new UnsignedRequest(methodOrDefault(), RequestUri.of(url), headers, body);
    }

    /** The request, with the content type of its body. */
    UnsignedRequest typedRequest(RequestBody body) {
        return typed(request(body));
    }

    /** The request to each device of --targets, with the content type of its body; the one request where there are
     * none, under the empty name.
     *
     * @throws IllegalArgumentException when --targets cannot be read, or neither URL nor body has the place of a name
     */
    Map<String, Supplier<UnsignedRequest>> typedRequests(RequestBody body) {
        if (targets == null) {
            UnsignedRequest only = typedRequest(body);
            return Map.of("", () -> only);
        }
        byte[] bytes = body.bytes();
        if (!TargetList.isIn(url) && !TargetList.isIn(bytes)) {
            throw new IllegalArgumentException("--targets needs " + TargetList.PLACEHOLDER
                    + " in the URL or in the body, where the name of the device goes");
        }
        Map<String, Supplier<UnsignedRequest>> requests = new LinkedHashMap<>();
        for (String name : TargetList.of(targets).names()) {
            // Made when it is called: a body of many megabytes for each name would not fit.
            requests.put(name, () -> typed(request(TargetList.with(name, url), TargetList.with(name, bytes))));
        }
        return requests;
    }

    private UnsignedRequest typed(UnsignedRequest request) {
        return data == null ? request : withHeader(request, JSON);
    }

    /** Adds a header unless there is one of this name. */
    static UnsignedRequest withHeader(UnsignedRequest request, HeaderLine header) {
        if (request.headers().stream().anyMatch(given -> given.is(header.name()))) {
            return request;
        }
        List<HeaderLine> all = new ArrayList<>(request.headers());
        all.add(header);
        return new UnsignedRequest(request.method(), request.uri(), all, request.body());
    }

    private String methodOrDefault() {
        if (method != null) {
            return method;
        }
        return data == null ? "GET" : "POST";
    }
}
