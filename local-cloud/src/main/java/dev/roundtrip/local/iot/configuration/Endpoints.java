package dev.roundtrip.local.iot.configuration;

import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.RestJson;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.Operation.Permission;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.Refusal;
import java.util.List;
import java.util.function.Supplier;

/** DescribeEndpoint: where devices and clients of AWS IoT connect. One address serves all types. Thread-safe. */
public final class Endpoints {
    /** Compared without case: a tutorial of AWS asks for {@code IoT:Data-ATS}. */
    private static final List<String> TYPES = List.of("iot:Data", "iot:Data-ATS", "iot:CredentialProvider", "iot:Jobs");

    private final Supplier<String> address;

    /** @param address a host, or {@code HOST:PORT} */
    public Endpoints(Supplier<String> address) {
        this.address = address;
    }

    /** The operation. */
    public List<Operation> operations() {
        return List.of(Operation.answered(
                "DescribeEndpoint", "GET /endpoint", new Permission("iot:DescribeEndpoint", "*"), this::describe));
    }

    /** Without a type, AWS means the first of them. */
    private HttpReply describe(OperationRequest request) throws Refusal {
        String type = request.query().text("endpointType");
        if (type != null && TYPES.stream().noneMatch(type::equalsIgnoreCase)) {
            throw Refusal.invalid("endpointType must be one of " + String.join(", ", TYPES));
        }
        return RestJson.ok(RestJson.MAPPER.createObjectNode().put("endpointAddress", address.get()));
    }
}
