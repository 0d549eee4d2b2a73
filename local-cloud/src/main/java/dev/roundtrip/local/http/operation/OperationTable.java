package dev.roundtrip.local.http.operation;

import dev.roundtrip.local.http.HttpLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a service can do. Immutable.
 *
 * @param title the service's name for people
 * @param model the name and version of AWS's service model
 * @param signingNames the names in the credential scope of its requests
 * @param limits how large its requests may be
 * @param operations all that the model has
 */
public record OperationTable(
        String title, String model, Set<String> signingNames, HttpLimits limits, List<Operation> operations) {

    public OperationTable {
        signingNames = Set.copyOf(signingNames);
        operations = List.copyOf(operations);
    }

    /** How a request was found. */
    sealed interface Found {}

    /** The request is for an operation.
     *
     * @param labels what the labels of the path stand for, as sent
     */
    record Match(Operation operation, Map<String, String> labels) implements Found {}

    /** The path is one of the service's, and does not take the method. */
    record WrongMethod() implements Found {}

    /** The service has no such path. */
    record Nothing() implements Found {}

    /** Finds operations without a look at all of them. Immutable. */
    static final class Index {
        private final Map<String, List<Operation>> byFirstSegment;

        Index(OperationTable table) {
            byFirstSegment = new HashMap<>(table.operations().stream()
                    .collect(Collectors.groupingBy(operation -> operation.uri().firstSegment())));
        }

        /** A signature covers the path without dot segments and repeated slashes: a path that has some is another one
         * than the path that was signed.
         */
        private static boolean isNormalized(String path) {
            String[] segments = path.split("/", -1);
            for (int i = 1; i < segments.length; i++) {
                boolean last = i == segments.length - 1;
                if (segments[i].equals(".") || segments[i].equals("..") || (segments[i].isEmpty() && !last)) {
                    return false;
                }
            }
            return true;
        }

        Found find(String method, String path) {
            if (!isNormalized(path)) {
                return new Nothing();
            }
            @Nullable Found found = null;
            for (Operation operation : byFirstSegment.getOrDefault(UriTemplate.firstSegment(path), List.of())) {
                Map<String, String> labels = operation.uri().match(path).orElse(null);
                if (labels != null) {
                    if (operation.method().equals(method)) {
                        return new Match(operation, labels);
                    }
                    found = new WrongMethod();
                }
            }
            return found == null ? new Nothing() : found;
        }
    }
}
