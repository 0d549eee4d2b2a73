package dev.roundtrip.local.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.local.iot.registry.EarlierPolicies;
import dev.roundtrip.local.iot.registry.GatewayRole;
import dev.roundtrip.local.iot.registry.PolicyDocuments;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.keys.TlsIdentity;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateDirectoryTest {
    private static final ClientPrefix GATEWAY = new ClientPrefix("gw");
    private static final GatewayRole ROLE = GatewayRole.of(GATEWAY);

    @TempDir
    private Path temporary;

    private Path path;

    @BeforeEach
    void choosePath() {
        path = temporary.resolve("below").resolve("state");
    }

    @Test
    void everything_in_it_is_its_owners_alone() throws Exception {
        StateDirectory state = StateDirectory.open(path);
        state.provision(new Target("dev1"), GATEWAY);
        state.serverIdentity();
        state.gatewayPolicies(ROLE);
        state.writeEnvironment(Map.of("A", "b"));

        try (Stream<Path> entries = Files.walk(path)) {
            assertThat(entries)
                    .hasSize(14)
                    .allSatisfy(entry -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry)))
                            .isEqualTo(Files.isDirectory(entry) ? "rwx------" : "rw-------"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-xr-x", "rwx--x---", "rwx-w----", "rwx---r--"})
    void a_directory_that_is_open_to_others_is_refused_with_the_cure(String permissions) throws IOException {
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> StateDirectory.open(path))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(permissions)
                .hasMessageEndingWith("run chmod 700 '" + path + "'");
        assertThat(path).isEmptyDirectory();
    }

    @Test
    void a_file_in_its_place_is_refused() throws IOException {
        Files.createDirectories(path.getParent());
        Files.createFile(path);

        assertThatThrownBy(() -> StateDirectory.open(path)).isInstanceOf(StateException.class);
    }

    @Test
    void it_is_the_same_after_it_was_opened_again() throws Exception {
        StateDirectory first = StateDirectory.open(path);
        StateDirectory second = StateDirectory.open(path);

        assertThat(second.credentials()).isEqualTo(first.credentials());
        assertThat(second.authority().certificate()).isEqualTo(first.authority().certificate());
        assertThat(second.serverIdentity().chain())
                .isEqualTo(first.serverIdentity().chain());
        assertThat(second.serverIdentity().key())
                .isEqualTo(first.serverIdentity().key());
    }

    @Test
    void credentials_look_like_those_of_aws_and_are_shown_without_the_secret() throws Exception {
        Credentials credentials = StateDirectory.open(path).credentials();
        Credentials others = StateDirectory.open(temporary.resolve("other")).credentials();

        assertThat(credentials.accessKeyId()).matches("AKIA[A-Z2-7]{16}");
        assertThat(credentials.secretAccessKey()).matches("[A-Za-z0-9/+]{40}");
        assertThat(credentials.toString()).doesNotContain(credentials.secretAccessKey());
        assertThat(others.accessKeyId()).isNotEqualTo(credentials.accessKeyId());
        assertThat(others.secretAccessKey()).isNotEqualTo(credentials.secretAccessKey());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "credentials.json | {\"accessKeyId\":\"AKIA\",\"secretAccessKey\":\"tell-nobody\"}",
                "credentials.json | {\"accessKeyId\":tell-nobody",
                "authority.pem    | tell-nobody",
                "authority.pem    | ''",
            })
    void a_damaged_file_is_named_and_not_quoted(String file, String content) throws Exception {
        StateDirectory.open(path);
        Files.writeString(path.resolve(file), content);

        assertThatThrownBy(() -> StateDirectory.open(path))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(path.resolve(file).toString())
                .hasMessageNotContaining("tell-nobody")
                .message()
                .hasLineCount(1);
    }

    @Test
    void what_a_crash_left_unfinished_is_swept_away() throws Exception {
        StateDirectory.open(path).provision(new Target("dev1"), GATEWAY);
        Path file = Files.createFile(path.resolve(".unfinished-1"));
        Path directory = Files.createDirectory(path.resolve("things/.unfinished-2"));
        Files.createFile(directory.resolve("private.key"));

        StateDirectory state = StateDirectory.open(path);

        assertThat(file).doesNotExist();
        assertThat(directory).doesNotExist();
        assertThat(state.things()).extracting(Thing::name).containsExactly(new Target("dev1"));
    }

    @Test
    void an_authority_that_expired_is_not_replaced() throws Exception {
        StateDirectory.open(path);
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(21 * 365));

        assertThatThrownBy(
                        () -> StateDirectory.open(path, StateOptions.defaults().withClock(later)))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("authority.pem expired");
    }

    @Test
    void resources_are_named_in_the_given_region() throws Exception {
        StateDirectory here = StateDirectory.open(path);
        StateDirectory there = StateDirectory.open(path, StateOptions.defaults().withRegion("eu-west-1"));

        assertThat(here.account().iotArn("topic/a")).isEqualTo("arn:aws:iot:us-east-1:000000000000:topic/a");
        assertThat(there.account().iotArn("topic/a")).isEqualTo("arn:aws:iot:eu-west-1:000000000000:topic/a");
        assertThatThrownBy(
                        () -> StateDirectory.open(path, StateOptions.defaults().withRegion("*")))
                .isInstanceOf(StateException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "Connect, client/gw.8c0f, true",
        "Connect, client/gw_8c0f, false",
        "Connect, client/gw_b.8c0f, false",
        "Connect, client/gw, false",
        "Connect, client/dev1, false",
        "Subscribe, topicfilter/gw/8c0f/+/+/ack, true",
        "Subscribe, topicfilter/gw/+/+/+/ack, true",
        "Subscribe, topicfilter/gw/.abcdefghi/+/+/+/ack, true",
        "Subscribe, topicfilter/gw/#, false",
        "Subscribe, topicfilter/gw2/8c0f/+/+/ack, false",
        "Subscribe, topicfilter/#, false",
        "Receive, topic/gw/8c0f/dev1/echo/ack, true",
        "Receive, topic/dev1/echo/gw/8c0f, false",
        "Receive, topic/gw/echo/gw2/8c0f, false",
        "Publish, topic/dev1/echo/gw/8c0f, true",
        "Publish, topic/dev1/echo/gw2/8c0f, false",
        "Publish, topic/gw/8c0f/dev1/echo/ack, false",
        "Publish, topic/gw2/8c0f/gw/echo/ack, false",
        "Publish, topic/gw2/8c0f/dev1/gw/ack, false",
        "Publish, topic/$aws/things/gw/shadow/update, false",
        "GetConnection, client/dev1, false",
        "ListSubscriptions, client/dev1, false",
        "SendDirectMessage, client/dev1, false",
    })
    void the_gateway_may_do_what_the_contract_needs(String action, String resource, boolean allowed) throws Exception {
        StateDirectory state = StateDirectory.open(path);

        BoundPolicies policies = BoundPolicies.of(state.gatewayPolicies(ROLE), PolicyContext.empty());

        assertThat(policies.allows("iot:" + action, state.account().iotArn(resource)))
                .isEqualTo(allowed);
    }

    @Test
    void an_edited_policy_of_the_gateway_stays_and_counts() throws Exception {
        StateDirectory state = StateDirectory.open(path);
        Path file = path.resolve("gateway-policy.json");
        state.gatewayPolicies(ROLE);

        Files.writeString(
                file,
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"a:b\","
                        + "\"Resource\":\"*\"}}");
        assertThat(BoundPolicies.of(state.gatewayPolicies(ROLE), PolicyContext.empty())
                        .allows("a:b", "*"))
                .isTrue();

        Files.writeString(file, "{}");
        assertThatThrownBy(() -> state.gatewayPolicies(ROLE))
                .isInstanceOf(StateException.class)
                .hasMessage(file + ": Version must be \"2012-10-17\"");
    }

    @Test
    void rights_of_the_gateway_follow_the_parameters_of_each_start() throws Exception {
        StateDirectory state = StateDirectory.open(path);
        GatewayRole asking = new GatewayRole(GATEWAY, GatewayRole.Delivery.PUBLISH, GatewayRole.PresenceQueries.ALLOW);
        String device = state.account().iotArn("client/dev1");
        state.gatewayPolicies(ROLE);

        assertThat(state.renewPolicies(asking))
                .singleElement()
                .asString()
                .contains("gateway-policy.json was made for other parameters")
                .hasLineCount(1);
        assertThat(BoundPolicies.of(state.gatewayPolicies(asking), PolicyContext.empty())
                        .allows("iot:GetConnection", device))
                .isTrue();

        assertThat(state.renewPolicies(ROLE)).hasSize(1);
        assertThat(BoundPolicies.of(state.gatewayPolicies(ROLE), PolicyContext.empty())
                        .allows("iot:GetConnection", device))
                .isFalse();
        assertThat(state.renewPolicies(ROLE)).isEmpty();
    }

    @Test
    void policies_that_an_earlier_version_made_are_made_anew_and_said_in_a_line_each() throws Exception {
        for (String earlier : EarlierPolicies.ofGateway(GATEWAY)) {
            StateDirectory state = StateDirectory.open(path);
            Thing first = state.provision(new Target("dev1"), GATEWAY);
            Thing second = state.provision(new Target("dev2"), GATEWAY);
            String spacedOtherwise = Json.mapper()
                    .readTree(EarlierPolicies.ofThing(GATEWAY).getFirst())
                    .toString();
            Files.writeString(path.resolve("gateway-policy.json"), earlier);
            Files.writeString(
                    first.files().policy(), EarlierPolicies.ofThing(GATEWAY).getFirst());
            Files.writeString(second.files().policy(), spacedOtherwise);

            List<String> said = state.renewPolicies(ROLE);

            assertThat(said)
                    .hasSize(2)
                    .allSatisfy(
                            line -> assertThat(line).contains("earlier version").hasLineCount(1));
            assertThat(said.getLast()).contains("2 things");
            assertThat(path.resolve("gateway-policy.json")).hasContent(PolicyDocuments.ofGateway(ROLE));
            assertThat(first.files().policy()).hasContent(PolicyDocuments.ofThing(GATEWAY));
            assertThat(second.files().policy()).hasContent(PolicyDocuments.ofThing(GATEWAY));
            assertThat(state.renewPolicies(ROLE)).isEmpty();
        }
    }

    @Test
    void thing_of_an_earlier_version_may_keep_its_shadow_and_take_jobs_and_commands() throws Exception {
        for (String earlier : EarlierPolicies.ofThing(GATEWAY)) {
            StateDirectory state = StateDirectory.open(path);
            Thing thing = state.provision(new Target("dev1"), GATEWAY);
            Files.writeString(thing.files().policy(), earlier);

            assertThat(state.renewPolicies(ROLE)).singleElement().asString().contains("1 thing ");

            assertThat(thing.files().policy()).hasContent(PolicyDocuments.ofThing(GATEWAY));
        }
    }

    @Test
    void policies_that_a_person_edited_stay_and_the_start_says_what_every_gateway_needs() throws Exception {
        StateDirectory state = StateDirectory.open(path);
        Thing thing = state.provision(new Target("dev1"), GATEWAY);
        String ofThing = EarlierPolicies.ofThing(GATEWAY).getFirst().replace("/*/ack", "/open/ack");
        String ofGateway = EarlierPolicies.ofGateway(GATEWAY).getLast().replace("iot:GetConnection", "iot:Get*");
        Files.writeString(thing.files().policy(), ofThing);
        Files.writeString(path.resolve("gateway-policy.json"), ofGateway);

        assertThat(state.renewPolicies(ROLE))
                .singleElement()
                .asString()
                .contains("was edited, and stays as it is")
                .contains("iot:Connect on client/gw.*")
                .doesNotContain("iot:Subscribe")
                .hasLineCount(1);

        assertThat(thing.files().policy()).hasContent(ofThing);
        assertThat(path.resolve("gateway-policy.json")).hasContent(ofGateway);
    }

    @Test
    void edited_policy_of_the_gateway_that_lacks_nothing_is_not_talked_about() throws Exception {
        StateDirectory state = StateDirectory.open(path);
        state.gatewayPolicies(ROLE);
        Path file = path.resolve("gateway-policy.json");
        String edited = Files.readString(file).replace("topic/*/*/gw/*", "topic/pump/open/gw/*");
        Files.writeString(file, edited);

        assertThat(state.renewPolicies(ROLE)).isEmpty();

        assertThat(file).hasContent(edited);
    }

    /** Who is concerned by a damaged file hears of it when he connects; the others shall not. */
    @Test
    void thing_with_a_damaged_policy_stops_nobody_else() throws Exception {
        StateDirectory state = StateDirectory.open(path);
        Thing damaged = state.provision(new Target("dev1"), GATEWAY);
        Thing earlier = state.provision(new Target("dev2"), GATEWAY);
        Files.write(damaged.files().policy(), new byte[] {(byte) 0xC3, 0x28});
        Files.writeString(
                earlier.files().policy(), EarlierPolicies.ofThing(GATEWAY).getFirst());
        Files.createFile(path.resolve("things/dev3"));

        assertThat(state.renewPolicies(ROLE)).singleElement().asString().contains("1 thing ");
    }

    @Test
    void a_server_certificate_is_renewed_in_time_and_for_new_names() throws Exception {
        StateOptions options = StateOptions.defaults();
        TlsIdentity first = StateDirectory.open(path, options).serverIdentity();

        Clock soon = Clock.offset(Clock.systemUTC(), Duration.ofDays(780));
        Clock nearEnd = Clock.offset(Clock.systemUTC(), Duration.ofDays(800));
        TlsIdentity kept = StateDirectory.open(path, options.withClock(soon)).serverIdentity();
        TlsIdentity renewed =
                StateDirectory.open(path, options.withClock(nearEnd)).serverIdentity();
        TlsIdentity named = StateDirectory.open(path, options.withServerNames(List.of("cloud.test", "10.1.2.3")))
                .serverIdentity();

        assertThat(kept.certificate()).isEqualTo(first.certificate());
        assertThat(renewed.certificate()).isNotEqualTo(first.certificate());
        assertThat(named.certificate().getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "cloud.test", "10.1.2.3");
    }

    @Test
    void a_damaged_server_certificate_is_made_anew() throws Exception {
        StateDirectory state = StateDirectory.open(path);
        TlsIdentity first = state.serverIdentity();
        Files.writeString(path.resolve("server.pem"), "damaged");

        assertThat(state.serverIdentity().certificate()).isNotEqualTo(first.certificate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "-a", "a..b", "fe80::1%eth0", "a/b", "*"})
    void a_name_that_no_server_can_have_is_refused(String name) {
        assertThatThrownBy(
                        () -> StateDirectory.open(path, StateOptions.defaults().withServerNames(List.of(name))))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("'" + name + "'");
    }
}
