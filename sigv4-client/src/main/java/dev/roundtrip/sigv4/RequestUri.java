package dev.roundtrip.sigv4;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns an address as somebody typed it into the one form that is both signed and sent. */
final class RequestUri {
    private static final Pattern PARTS =
            Pattern.compile("(?<scheme>(?i:https?))://(?<authority>[^/?#]*)(?<path>[^?#]*)(\\?(?<query>[^#]*))?(#.*)?");
    private static final int MAX_PORT = 65535;

    private RequestUri() {}

    /** Encodes path and query as RFC 3986 has it, removes dot segments, sorts the query's parameters by name (values of
     * one name keep their order), writes each as {@code name=value}, and leaves out a fragment and a port that goes
     * without saying.
     *
     * @throws IllegalArgumentException when this is no http or https address, or has a user name in it
     */
    static URI of(String typed) {
        Matcher parts = PARTS.matcher(typed.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "an address starts with http:// or https://, but this is '" + typed + "'");
        }
        String scheme = parts.group("scheme").toLowerCase(Locale.ROOT);
        String query = parts.group("query") == null ? "" : query(parts.group("query"));
        return URI.create(scheme
                + "://"
                + authority(scheme, parts.group("authority"))
                + path(parts.group("path"))
                + (query.isEmpty() ? "" : "?" + query));
    }

    private static String authority(String scheme, String typed) {
        URI uri;
        try {
            uri = new URI(scheme + "://" + typed);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + typed + "' is no host name with or without a port", e);
        }
        if (typed.contains("@")) {
            throw new IllegalArgumentException("an address must not hold a user name or a password");
        }
        if (uri.getHost() == null || uri.getPort() > MAX_PORT || uri.getPort() == 0) {
            throw new IllegalArgumentException("'" + typed + "' is no host name with or without a port");
        }
        int defaultPort = scheme.equals("https") ? 443 : 80;
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return uri.getPort() == -1 || uri.getPort() == defaultPort ? host : host + ":" + uri.getPort();
    }

    /** RFC 3986, section 5.2.4, on the encoded path. */
    private static String path(String typed) {
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = PercentEncoding.path(typed).split("/", -1);
        for (int i = 1; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            switch (segments[i]) {
                case "." -> {}
                case ".." -> kept.pollLast();
                default -> kept.addLast(segments[i]);
            }
            if (last && (segments[i].equals(".") || segments[i].equals(".."))) {
                kept.addLast("");
            }
        }
        return "/" + String.join("/", kept);
    }

    private static String query(String typed) {
        return Arrays.stream(typed.split("&", -1))
                .filter(parameter -> !parameter.isEmpty())
                .map(RequestUri::parameter)
                .sorted(Comparator.comparing(RequestUri::name))
                .collect(Collectors.joining("&"));
    }

    private static String parameter(String typed) {
        int equals = typed.indexOf('=');
        return equals < 0
                ? PercentEncoding.queryPart(typed) + "="
                : PercentEncoding.queryPart(typed.substring(0, equals))
                        + "="
                        + PercentEncoding.queryPart(typed.substring(equals + 1));
    }

    /** The name of an encoded {@code name=value}. */
    static String name(String parameter) {
        return parameter.substring(0, parameter.indexOf('='));
    }
}
