package dev.roundtrip.local.iot.control;

import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.RsaKeys;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The operations of AWS IoT's control plane.
 *
 * <p>Source: service model {@code iot-2015-05-28}; Service Authorization Reference, "Actions, resources, and condition
 * keys for AWS IoT".
 */
public final class ControlPlane {
    /** The signing name of AWS's clients; the log calls the service so. */
    public static final String SIGNING_NAME = "iot";

    /** The line and the headers are our choice. The model lets a policy document have 404,600 characters. */
    private static final HttpLimits LIMITS = new HttpLimits(8 * 1024, 16 * 1024, 512 * 1024);

    private ControlPlane() {}

    /** The operations on a registry.
     *
     * @param authority signs certificates
     * @param keys makes keys of devices
     * @param others the operations of other classes, a list each
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // The lists are read alone.
    public static OperationTable of(
            Registry registry, Authority authority, RsaKeys keys, InstantSource clock, List<Operation>... others) {
        List<Operation> served = Stream.concat(
                        Stream.of(
                                ThingOperations.of(registry),
                                ThingTypeOperations.of(registry, clock),
                                CertificateOperations.of(registry, authority, keys),
                                PolicyOperations.of(registry),
                                AttachmentOperations.of(registry)),
                        Stream.of(others))
                .flatMap(List::stream)
                .toList();
        return new OperationTable(
                "AWS IoT control plane",
                ServiceModel.NAME,
                Set.of(SIGNING_NAME),
                LIMITS,
                ServiceModel.completed(served));
    }
}
