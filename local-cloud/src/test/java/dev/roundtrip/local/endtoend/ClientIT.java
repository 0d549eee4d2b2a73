package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.client.ClientSettings;
import dev.roundtrip.client.Outcome;
import dev.roundtrip.client.Outcome.DidNotRun;
import dev.roundtrip.client.Outcome.Failed;
import dev.roundtrip.client.Outcome.MayHaveRun;
import dev.roundtrip.client.Outcome.Ok;
import dev.roundtrip.client.Roundtrip;
import dev.roundtrip.local.users.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** The caller in Java against a real local cloud. */
class ClientIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path state;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static TestCloud cloud;

    @SuppressWarnings("NullAway.Init")
    private static Roundtrip roundtrip;

    @BeforeAll
    static void start() throws Exception {
        cloud = TestCloud.start(state);
        cloud.device("site:pump-1", TestCloud.VERSATILE);
        cloud.device("silent", TestCloud.SILENT);
        cloud.thing("away");
        roundtrip = Roundtrip.at(settings());
    }

    @AfterAll
    static void stop() {
        roundtrip.close();
        cloud.close();
    }

    private static ClientSettings settings() {
        Credentials credentials = cloud.cloud().state().credentials();
        return ClientSettings.at(cloud.cloud().apiEndpoint())
                .withRegion(cloud.scope().region())
                .withCredentials(
                        AwsCredentialsIdentity.create(credentials.accessKeyId(), credentials.secretAccessKey()));
    }

    @Test
    void device_answers() throws Exception {
        Outcome outcome = roundtrip.call("site:pump-1").method("add").json(List.of(40, 2));

        assertThat(outcome).isInstanceOfSatisfying(Ok.class, ok -> {
            assertThat(ok.response(Integer.class)).isEqualTo(42);
            assertThat(ok.facts().id()).isNotNull();
        });
    }

    @Test
    void values_travel_as_they_were_written() throws Exception {
        String written = "{ \"a\": 1e2, \"b\": -0.0, \"c\": \"\\u00e9\" }";

        Outcome outcome = roundtrip.call("site:pump-1").method("echo").text(written);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Ok.class, ok -> assertThat(ok.response().text()).isEqualTo(written));
    }

    @Test
    void method_that_fails_has_failed() throws Exception {
        Outcome outcome = roundtrip.call("site:pump-1").method("div").json(List.of(1, 0));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.code()).isNotEmpty());
    }

    @Test
    void call_of_a_device_that_is_away_is_repeated_and_did_not_run() throws Exception {
        Outcome outcome = roundtrip
                .call("away")
                .method("echo")
                .checkingPresence()
                .within(Duration.ofSeconds(10))
                .json(1);

        assertThat(outcome).isInstanceOfSatisfying(DidNotRun.class, not -> {
            assertThat(not.reason()).isEqualTo(DidNotRun.Reason.OFFLINE);
            assertThat(not.facts().tries()).isGreaterThan(1);
        });
    }

    @Test
    void call_that_nobody_answers_may_have_run() throws Exception {
        ClientSettings impatient = settings().withMaxTimeout(Duration.ofSeconds(1));
        try (Roundtrip client = Roundtrip.at(impatient)) {

            Outcome outcome = client.call("silent").method("echo").json(1);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            MayHaveRun.class,
                            unknown -> assertThat(unknown.reason()).isEqualTo(MayHaveRun.Reason.TIMEOUT));
        }
    }

    @Test
    void caller_with_a_wrong_key_is_forbidden() throws Exception {
        String id = cloud.cloud().state().credentials().accessKeyId();
        ClientSettings wrong = settings().withCredentials(AwsCredentialsIdentity.create(id, "wrong"));
        try (Roundtrip client = Roundtrip.at(wrong)) {

            Outcome outcome = client.call("site:pump-1").method("echo").json(1);

            assertThat(outcome).isInstanceOfSatisfying(DidNotRun.class, not -> {
                assertThat(not.reason()).isEqualTo(DidNotRun.Reason.FORBIDDEN);
                assertThat(not.code()).isNotEmpty();
            });
        }
    }
}
