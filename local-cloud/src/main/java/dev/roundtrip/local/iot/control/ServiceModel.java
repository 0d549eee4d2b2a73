package dev.roundtrip.local.iot.control;

import dev.roundtrip.local.http.operation.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which operations AWS IoT's control plane has, by its service model: name, method and path. */
final class ServiceModel {
    static final String NAME = "iot-2015-05-28";

    private ServiceModel() {}

    /** All operations of the model in its order, each served where one of these serves it. */
    static List<Operation> completed(List<Operation> served) {
        Map<String, Operation> byName = new HashMap<>();
        for (Operation operation : served) {
            if (byName.put(operation.name(), operation) != null) {
                throw new IllegalArgumentException(operation.name() + " is served twice");
            }
        }
        List<Operation> all = new ArrayList<>();
        for (Operation unserved : unserved()) {
            Operation found = byName.remove(unserved.name());
            if (found != null && !(found.method() + found.uri()).equals(unserved.method() + unserved.uri())) {
                throw new IllegalArgumentException(found.name() + " is " + unserved.method() + ' ' + unserved.uri());
            }
            all.add(found == null ? unserved : found);
        }
        if (!byName.isEmpty()) {
            throw new IllegalArgumentException("the service model does not have " + byName.keySet());
        }
        return all;
    }

    private static List<Operation> unserved() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ServiceModel.class.getResourceAsStream(NAME + ".txt")),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.split(" ", 2))
                    .map(parts -> Operation.unserved(parts[0], parts[1]))
                    .toList();
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }
}
