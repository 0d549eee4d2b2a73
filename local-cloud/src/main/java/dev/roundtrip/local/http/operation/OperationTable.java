package dev.roundtrip.local.http.operation;

import dev.roundtrip.local.http.HttpLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a service can do. Immutable.
 *
 * @param title the service's name for people
 * @param model the name and version of AWS's service model
 * @param signingNames the names in the credential scope of its requests
 * @param limits how large its requests may be
 * @param protocol how the service is spoken with
 * @param signatureErrors how the service refuses a signature
 * @param operations all that the model has
 */
public record OperationTable(
        String title,
        String model,
        Set<String> signingNames,
        HttpLimits limits,
        Protocol protocol,
        SignatureErrors signatureErrors,
        List<Operation> operations) {

    public OperationTable {
        signingNames = Set.copyOf(signingNames);
        operations = List.copyOf(operations);
    }

    /** A service that is spoken with in JSON. */
    public OperationTable(
            String title, String model, Set<String> signingNames, HttpLimits limits, List<Operation> operations) {
        this(title, model, signingNames, limits, Protocol.REST_JSON, operations);
    }

    /** A service that refuses signatures as most services of its protocol do. */
    public OperationTable(
            String title,
            String model,
            Set<String> signingNames,
            HttpLimits limits,
            Protocol protocol,
            List<Operation> operations) {
        this(title, model, signingNames, limits, protocol, SignatureErrors.of(protocol), operations);
    }

    /** The same, and some of the operations that were not served are.
     *
     * @throws IllegalArgumentException when there is no such operation, or it is served already
     */
    public OperationTable serving(List<Operation> further) {
        List<Operation> all = new ArrayList<>(operations);
        for (Operation operation : further) {
            boolean found = false;
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).handler() == null && all.get(i).isAt(operation)) {
                    all.set(i, operation);
                    found = true;
                }
            }
            if (!found) {
                throw new IllegalArgumentException(
                        title + " has no " + operation.name() + " that is not served, at " + operation.uri());
            }
        }
        return new OperationTable(title, model, signingNames, limits, protocol, signatureErrors, all);
    }

    /** The same operations, served otherwise.
     *
     * @param change gives a handler in the place of another one
     */
    public OperationTable handling(UnaryOperator<Operation.Handler> change) {
        List<Operation> all =
                operations.stream().map(operation -> operation.handling(change)).toList();
        return new OperationTable(title, model, signingNames, limits, protocol, signatureErrors, all);
    }

    /** The version of the model: the date at its name's end. */
    String version() {
        return model.substring(Math.max(0, model.length() - "2011-06-15".length()));
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
        private final Map<String, Operation> byName;

        Index(OperationTable table) {
            byFirstSegment = new HashMap<>(table.operations().stream()
                    .collect(Collectors.groupingBy(operation -> operation.uri().firstSegment())));
            byName = table.operations().stream().collect(Collectors.toMap(Operation::name, operation -> operation));
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

        /** The operation of a name, for a protocol whose requests name their operation. */
        Optional<Operation> named(String name) {
            return Optional.ofNullable(byName.get(name));
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
