package dev.roundtrip.auth.sigv4;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The parameters of a query, in canonical form and order. */
final class QueryParameters {
    private static final Comparator<Parameter> CANONICAL_ORDER =
            Comparator.comparing(Parameter::name).thenComparing(Parameter::value);

    private final List<Parameter> sorted;

    private QueryParameters(List<Parameter> sorted) {
        this.sorted = sorted;
    }

    private record Parameter(String name, String value) {}

    /** @throws RefusalException when the query is not properly percent-encoded */
    static QueryParameters parse(String query) throws RefusalException {
        List<Parameter> parameters = new ArrayList<>();
        for (int from = 0; from < query.length(); ) {
            int ampersand = query.indexOf('&', from);
            int to = ampersand < 0 ? query.length() : ampersand;
            if (to > from) {
                parameters.add(parse(query, from, to));
            }
            from = to + 1;
        }
        parameters.sort(CANONICAL_ORDER);
        return new QueryParameters(parameters);
    }

    private static Parameter parse(String query, int from, int to) throws RefusalException {
        int equals = query.indexOf('=', from);
        if (equals < 0 || equals >= to) {
            return new Parameter(PercentEncoding.canonicalize(query, from, to), "");
        }
        return new Parameter(
                PercentEncoding.canonicalize(query, from, equals), PercentEncoding.canonicalize(query, equals + 1, to));
    }

    boolean contains(String name) {
        for (Parameter parameter : sorted) {
            if (parameter.name.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** The decoded value of a parameter that may stand once.
     *
     * @throws RefusalException when it stands more than once
     */
    Optional<String> single(String name) throws RefusalException {
        String found = null;
        for (Parameter parameter : sorted) {
            if (parameter.name.equals(name)) {
                if (found != null) {
                    throw RefusalException.incomplete(
                            "AWS query-string parameter '" + name + "' must stand only once.");
                }
                found = parameter.value;
            }
        }
        return Optional.ofNullable(found).map(PercentEncoding::decode);
    }

    /** Appends the canonical query string without the parameters named. */
    void appendTo(StringBuilder canonical, Set<String> without) {
        boolean first = true;
        for (Parameter parameter : sorted) {
            if (!without.contains(parameter.name)) {
                if (!first) {
                    canonical.append('&');
                }
                canonical.append(parameter.name).append('=').append(parameter.value);
                first = false;
            }
        }
    }
}
