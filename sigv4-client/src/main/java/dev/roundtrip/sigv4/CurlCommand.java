package dev.roundtrip.sigv4;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the curl command that makes the same signed call, for a POSIX shell and curl 7.88 or newer. Credentials stay
 * outside: the command takes them from the environment when it runs.
 *
 * <p>curl 7.88 signs a path and a query as typed, so that the query is given sorted and encoded, and a path with
 * anything else than letters, digits and {@code -._~/} is refused here: AWS encodes it a second time before it
 * verifies, curl does not.
 */
final class CurlCommand {
    private static final Pattern SIGNABLE_PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*/?");
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_./:@%+,=-]+");

    private final UnsignedRequest request;
    private final RequestBody body;
    private final SigningScope scope;
    private final List<String> extraOptions = new ArrayList<>();

    CurlCommand(UnsignedRequest request, RequestBody body, SigningScope scope) {
        this.request = request;
        this.body = body;
        this.scope = scope;
    }

    /** Adds a curl option and, unless null, its value. */
    CurlCommand with(String option, @Nullable String value) {
        extraOptions.add(value == null ? option : option + " " + quote(value));
        return this;
    }

    /** The command, without a line feed at its end.
     *
     * @throws IllegalArgumentException when curl cannot make this call
     */
    String text() {
        if (!SIGNABLE_PATH.matcher(request.uri().getRawPath()).matches()) {
            throw new IllegalArgumentException(
                    "curl 7.88 signs no path but of letters, digits and -._~/, and this one is "
                            + request.uri().getRawPath() + "; use --presign");
        }
        refuse("Date", "curl 7.88 takes it for the time of the signature");
        List<String> lines = new ArrayList<>();
        lines.add("curl --aws-sigv4 " + quote("aws:amz:" + scope.region() + ":" + scope.service())
                + " --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"");
        // One word even where a shell splits no expansions, and none at all without a session.
        lines.add("${AWS_SESSION_TOKEN:+-H\"X-Amz-Security-Token: $AWS_SESSION_TOKEN\"}");
        lines.addAll(extraOptions);
        method().ifPresent(lines::add);
        headers().forEach((name, value) -> lines.add("-H " + quote(name + ": " + value)));
        switch (body) {
            case RequestBody.None none -> {}
            case RequestBody.FromFile file -> lines.add("--data-binary " + quote("@" + file.path()));
            case RequestBody.Inline inline ->
                lines.add("--data-raw "
                        + quote(inline.text()
                                .orElseThrow(() -> new IllegalArgumentException(
                                        "these bytes cannot stand in a command; write them to a"
                                                + " file and give -d @FILE"))));
        }
        lines.add(quote(url()));
        return String.join(" \\\n  ", lines);
    }

    private void refuse(String header, String why) {
        if (request.headers().stream().anyMatch(given -> given.is(header))) {
            throw new IllegalArgumentException(
                    "--curl cannot have -H '" + header + ": ...': " + why + "; leave the header out");
        }
    }

    private Optional<String> method() {
        String implied = body instanceof RequestBody.None ? "GET" : "POST";
        if (request.method().equals(implied)) {
            return Optional.empty();
        }
        return Optional.of(request.method().equals("HEAD") ? "--head" : "-X " + request.method());
    }

    /** Repeated headers joined and blanks folded, as the signature counts them; curl 7.88 signs them as typed. */
    private Map<String, String> headers() {
        Map<String, String> joined = new LinkedHashMap<>();
        Map<String, String> names = new LinkedHashMap<>();
        for (HeaderLine header : request.headers()) {
            String name = names.computeIfAbsent(header.name().toLowerCase(Locale.ROOT), key -> header.name());
            joined.merge(name, header.value().replaceAll("\\s+", " "), (first, next) -> first + "," + next);
        }
        return joined;
    }

    private String url() {
        String all = request.uri().toString();
        String query = request.uri().getRawQuery();
        if (query == null) {
            return all;
        }
        String sorted = Arrays.stream(query.split("&", -1))
                .sorted(Comparator.comparing(RequestUri::name).thenComparing(Comparator.naturalOrder()))
                .collect(Collectors.joining("&"));
        return all.substring(0, all.indexOf('?') + 1) + sorted;
    }

    private static String quote(String word) {
        return PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
