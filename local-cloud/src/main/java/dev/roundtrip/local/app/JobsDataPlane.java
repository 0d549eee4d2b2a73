package dev.roundtrip.local.app;

import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationTable;
import java.util.List;
import java.util.Set;

/** The data plane that AWS IoT Jobs and AWS IoT Device Management commands have in common.
 *
 * <p>Source: service model {@code iot-jobs-data-2017-09-29}.
 */
public final class JobsDataPlane {
    /** The signing name of AWS's clients; the log calls the service so. */
    public static final String SIGNING_NAME = "iot-jobs-data";

    /** Our choice: the parameters of a command fill the payload of a device at most. */
    private static final HttpLimits LIMITS = new HttpLimits(8 * 1024, 16 * 1024, 128 * 1024);

    private JobsDataPlane() {}

    /** @param served the operations that are served */
    public static OperationTable of(List<Operation> served) {
        return new OperationTable(
                        "AWS IoT Jobs data plane",
                        "iot-jobs-data-2017-09-29",
                        Set.of(SIGNING_NAME),
                        LIMITS,
                        List.of(
                                Operation.unserved("DescribeJobExecution", "GET /things/{thingName}/jobs/{jobId}"),
                                Operation.unserved("GetPendingJobExecutions", "GET /things/{thingName}/jobs"),
                                Operation.unserved("StartCommandExecution", "POST /command-executions"),
                                Operation.unserved(
                                        "StartNextPendingJobExecution", "PUT /things/{thingName}/jobs/$next"),
                                Operation.unserved("UpdateJobExecution", "POST /things/{thingName}/jobs/{jobId}")))
                .serving(served);
    }
}
