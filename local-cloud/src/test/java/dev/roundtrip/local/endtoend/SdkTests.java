package dev.roundtrip.local.endtoend;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iotjobsdataplane.IotJobsDataPlaneClient;

/** One cloud for all tests of a class, with clients of AWS's SDK for Java whose user may do everything. */
abstract class SdkTests {
    /** Before the names of the account's resources. */
    static final String ROOT = "arn:aws:iot:eu-central-1:000000000000:";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static TestCloud cloud;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static SdkClients clients;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static IotClient control;

    @SuppressWarnings("NullAway.Init") // set before all tests
    static IotJobsDataPlaneClient data;

    @BeforeAll
    static void startCloud() throws Exception {
        cloud = TestCloud.start(state);
        clients = new SdkClients(cloud);
        control = clients.app(IotClient.builder(), "*");
        data = clients.app(IotJobsDataPlaneClient.builder(), "*");
    }

    @AfterAll
    static void stopCloud() {
        control.close();
        data.close();
        cloud.close();
    }
}
