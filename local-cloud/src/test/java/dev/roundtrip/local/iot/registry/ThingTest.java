package dev.roundtrip.local.iot.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.local.app.StateDirectory;
import dev.roundtrip.local.app.StateOptions;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThingTest {
    private static final ClientPrefix GATEWAY = new ClientPrefix("gw");
    private static final Target DEV1 = new Target("dev1");

    @TempDir
    private Path temporary;

    private StateDirectory state;

    @BeforeEach
    void open() throws StateException {
        state = StateDirectory.open(temporary.resolve("state"));
    }

    @Test
    void provisioning_twice_changes_nothing() throws Exception {
        Thing first = state.provision(DEV1, GATEWAY);
        List<String> before = contents(first);

        Thing second = state.provision(DEV1, new ClientPrefix("other"));

        assertThat(second.certificateId()).isEqualTo(first.certificateId());
        assertThat(contents(second)).isEqualTo(before);
    }

    @Test
    void thing_named_like_the_prefix_is_not_made_for_it_would_hear_every_answer() {
        assertThatThrownBy(() -> state.provision(new Target("gw"), GATEWAY))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("prefix");
        assertThat(temporary.resolve("state/things/gw")).doesNotExist();
    }

    @Test
    void a_replaced_certificate_is_known_no_more() throws Exception {
        Thing first = state.provision(DEV1, GATEWAY);
        X509Certificate old = certificate(first);

        Thing second = state.replace(DEV1, GATEWAY);

        assertThat(state.findByCertificate(old)).isEmpty();
        assertThat(state.findByCertificate(certificate(second)))
                .map(Thing::certificateId)
                .contains(second.certificateId());
        try (var entries = Files.list(temporary.resolve("state/things"))) {
            assertThat(entries).hasSize(1);
        }
    }

    @Test
    void a_thing_made_by_another_process_is_seen_at_once() throws Exception {
        Thing made = StateDirectory.open(temporary.resolve("state")).provision(DEV1, GATEWAY);

        assertThat(state.findByCertificate(certificate(made))).map(Thing::name).contains(DEV1);
        assertThat(state.things()).extracting(Thing::name).containsExactly(DEV1);
    }

    @Test
    void the_id_of_a_certificate_is_its_fingerprint() throws Exception {
        Thing thing = state.provision(DEV1, GATEWAY);

        Process openssl = new ProcessBuilder(
                        "openssl",
                        "x509",
                        "-noout",
                        "-fingerprint",
                        "-sha256",
                        "-in",
                        thing.files().certificate().toString())
                .start();
        String printed;
        try (InputStream output = openssl.getInputStream()) {
            printed = new String(output.readAllBytes(), StandardCharsets.US_ASCII);
        }

        assertThat(printed.strip().replace(":", "").toLowerCase(Locale.ROOT)).endsWith("=" + thing.certificateId());
    }

    @Test
    void a_certificate_of_another_authority_is_unknown() throws Exception {
        state.provision(DEV1, GATEWAY);
        Thing foreign = StateDirectory.open(temporary.resolve("other")).provision(DEV1, GATEWAY);

        assertThat(state.findByCertificate(certificate(foreign))).isEmpty();
        assertThat(state.findByCertificate(state.serverIdentity().certificate()))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(CertificateStatus.class)
    void only_an_active_certificate_is_found(CertificateStatus status) throws Exception {
        Thing thing = state.provision(DEV1, GATEWAY);
        edit(thing.files().thing(), "ACTIVE", status.name());

        assertThat(state.findByCertificate(certificate(thing)).isPresent())
                .isEqualTo(status == CertificateStatus.ACTIVE);
        assertThat(state.find(DEV1)).map(Thing::certificateStatus).contains(status);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 11 * 365})
    void a_certificate_outside_its_validity_is_not_found(long days) throws Exception {
        Thing thing = state.provision(DEV1, GATEWAY);
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(days));
        StateDirectory then = StateDirectory.open(
                temporary.resolve("state"), StateOptions.defaults().withClock(clock));

        assertThat(then.findByCertificate(certificate(thing))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "thing.json | ACTIVE | SLEEPING | certificateStatus must be one of"
                        + " [ACTIVE, INACTIVE, PENDING_ACTIVATION, REVOKED], but is 'SLEEPING'",
                "thing.json | \"dev1\" | \"dev2\" | must have the thingName dev1",
                "thing.json | } | ] | is not JSON",
                "thing.json | \"certificateId\" : \" | \"certificateId\" : \"x | a certificate id has 64 digits",
                "thing.json | { } | {\"a\":1} | the attribute a must be a string",
                "policy.json | Allow | Alow | statement 1: Effect must be",
            })
    void a_damaged_file_is_named(String file, String found, String replacement, String message) throws Exception {
        Thing thing = state.provision(DEV1, GATEWAY);
        Path path = thing.files().directory().resolve(file);
        edit(path, found, replacement);

        assertThatThrownBy(() -> state.findByCertificate(certificate(thing)))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(message)
                .message()
                .hasLineCount(1);
    }

    @Test
    void a_missing_file_is_named() throws Exception {
        Thing thing = state.provision(DEV1, GATEWAY);
        Files.delete(thing.files().policy());

        assertThatThrownBy(() -> state.provision(DEV1, GATEWAY))
                .isInstanceOf(StateException.class)
                .hasMessage(thing.files().policy()
                        + " is missing; put it back, or run local-cloud provision dev1 --replace");
    }

    @Test
    void its_policies_let_it_do_what_is_its_own() throws Exception {
        Thing thing = state.provision(DEV1, GATEWAY);
        PolicyContext context = contexts(thing).of("dev1", "127.0.0.1", certificate(thing));

        BoundPolicies policies = BoundPolicies.of(thing.policies(), context);

        Account account = state.account();
        assertThat(policies.allows("iot:Connect", account.iotArn("client/dev1")))
                .isTrue();
        assertThat(policies.allows("iot:Connect", account.iotArn("client/dev2")))
                .isFalse();
        assertThat(policies.allows("iot:Publish", account.iotArn("topic/gw/8c0f/dev1/echo/ack")))
                .isTrue();
        assertThat(policies.allows("iot:Publish", account.iotArn("topic/gw/8c0f/dev2/echo/ack")))
                .isFalse();
        assertThat(policies.allows("iot:Receive", account.iotArn("topic/dev1/echo/gw/8c0f")))
                .isTrue();
        assertThat(policies.allows("iot:Receive", account.iotArn("topic/dev1/echo/gw/.abcdefghi/8c0f")))
                .isTrue();
        assertThat(policies.allows("iot:Receive", account.iotArn("topic/dev1/echo/other/8c0f")))
                .isFalse();
        assertThat(policies.allows("iot:Receive", account.iotArn("topic/dev1/8c0f/gw/echo/ack")))
                .isFalse();
    }

    @Test
    void attached_non_exclusively_it_must_connect_under_its_name() throws Exception {
        Thing made = state.provision(DEV1, GATEWAY);
        edit(made.files().thing(), "EXCLUSIVE_THING", "NON_EXCLUSIVE_THING");
        Thing thing = state.find(DEV1).orElseThrow();
        Account account = state.account();

        BoundPolicies asItself =
                BoundPolicies.of(thing.policies(), contexts(thing).of("dev1", "127.0.0.1", certificate(thing)));
        BoundPolicies asOther =
                BoundPolicies.of(thing.policies(), contexts(thing).of("dev2", "127.0.0.1", certificate(thing)));

        assertThat(asItself.allows("iot:Connect", account.iotArn("client/dev1")))
                .isTrue();
        assertThat(asOther.allows("iot:Connect", account.iotArn("client/dev1"))).isFalse();
        assertThat(asOther.allows("iot:Connect", account.iotArn("client/dev2"))).isFalse();
    }

    @Test
    void policies_may_use_what_is_known_of_the_thing_and_its_certificate() throws Exception {
        Thing made = state.provision(DEV1, GATEWAY);
        edit(
                made.files().thing(),
                "\"attributes\" : { }",
                "\"thingTypeName\":\"lamp\",\"attributes\":{\"room\":\"hall\"}");
        Files.writeString(made.files().policy(), """
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*",
                 "Resource":"arn:aws:iot:*:*:topic/${iot:Connection.Thing.ThingTypeName}/${iot:Connection.Thing.Attributes[room]}/${iot:Certificate.Subject.CommonName}/${iot:CertificateId}",
                 "Condition":{"Bool":{"iot:Connection.Thing.IsAttached":"true"},"IpAddress":{"aws:SourceIp":"127.0.0.1"},
                 "StringLike":{"iot:Certificate.Issuer.CommonName":"Roundtrip local authority *","iot:ClientId":"dev1"}}}}
                """);
        Thing thing = state.find(DEV1).orElseThrow();

        BoundPolicies policies =
                BoundPolicies.of(thing.policies(), contexts(thing).of("dev1", "127.0.0.1", certificate(thing)));

        assertThat(policies.allows(
                        "iot:Publish", state.account().iotArn("topic/lamp/hall/dev1/" + thing.certificateId())))
                .isTrue();
    }

    @Test
    void many_threads_that_provision_one_thing_agree_on_it() throws Exception {
        List<Future<Thing>> futures = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                futures.add(threads.submit(
                        () -> StateDirectory.open(temporary.resolve("fresh")).provision(DEV1, GATEWAY)));
            }
        }

        List<CertificateId> ids = new ArrayList<>();
        for (Future<Thing> future : futures) {
            ids.add(future.get().certificateId());
        }
        assertThat(ids).hasSize(20).containsOnly(ids.getFirst());
    }

    /** As the registry makes them. */
    private static ConnectionContexts contexts(Thing thing) {
        String name = thing.name().value();
        return new ConnectionContexts(
                Map.of(name, RegisteredThing.of(name, thing.typeName(), thing.attributes())),
                thing.attachment() == Attachment.EXCLUSIVE_THING ? name : null);
    }

    static X509Certificate certificate(Thing thing) throws Exception {
        try (InputStream input = Files.newInputStream(thing.files().certificate())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(input);
        }
    }

    private static List<String> contents(Thing thing) throws Exception {
        ThingFiles files = thing.files();
        List<String> contents = new ArrayList<>();
        for (Path file : List.of(files.certificate(), files.privateKey(), files.policy(), files.thing())) {
            contents.add(Files.readString(file));
        }
        return contents;
    }

    private static void edit(Path file, String found, String replacement) throws Exception {
        String text = Files.readString(file);
        assertThat(text).contains(found);
        Files.writeString(file, text.replace(found, replacement));
    }
}
