package dev.roundtrip.local.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.auth.principal.IamUser;
import dev.roundtrip.local.iot.certificate.CertificateStatus;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Attachment;
import dev.roundtrip.local.iot.registry.Attachments;
import dev.roundtrip.local.iot.registry.CertificateRegistry;
import dev.roundtrip.local.iot.registry.GatewayRole;
import dev.roundtrip.local.iot.registry.PolicyRegistry;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.RegistryException;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.registry.ThingFileExchange;
import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.users.StoredUser;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatePrincipalsTest {
    private static final ClientPrefix PREFIX = new ClientPrefix("roundtrip");
    private static final GatewayRole ROLE =
            new GatewayRole(PREFIX, GatewayRole.Delivery.PUBLISH, GatewayRole.PresenceQueries.DENY);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ALLOW_ALL =
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private StateDirectory state;

    @SuppressWarnings("NullAway.Init") // set before each test
    private StatePrincipals principals;

    private final InMemoryTables tables = new InMemoryTables();
    private final Registry registry = registry();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws StateException {
        state = StateDirectory.open(directory.resolve("state"));
        principals = open(state);
    }

    private Registry registry() {
        return new Registry(tables, new Account(Account.DEFAULT_REGION), InstantSource.system());
    }

    private StatePrincipals open(StateDirectory directory) throws StateException {
        return StatePrincipals.open(directory, ROLE, registry, ThingFileExchange.Direction.BOTH, complaints::add);
    }

    /** Those of another local cloud with the same state directory. */
    private StatePrincipals other() throws StateException {
        return StatePrincipals.open(state, ROLE, registry(), ThingFileExchange.Direction.BOTH, complaints::add);
    }

    @AfterEach
    void close() {
        principals.close();
    }

    private boolean isActive(Thing thing) {
        return principals.certificate(thing.certificateId().value()).isPresent();
    }

    private static X509Certificate certificate(Thing thing) throws Exception {
        try (InputStream pem = Files.newInputStream(thing.files().certificate())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    @Test
    void own_key_of_the_state_directory_may_do_everything() {
        IamUser local = principals.user(state.credentials().accessKeyId()).orElseThrow();

        assertThat(local.bind("127.0.0.1")
                        .allows("execute-api:Invoke", "arn:aws:execute-api:us-east-1:000000000000:a/Prod/GET/invoke"))
                .isTrue();
        assertThat(local.bind("127.0.0.1").allows("iot:CreateThing", "*")).isTrue();
    }

    @Test
    void key_of_the_function_may_do_what_the_gateway_may() {
        IamUser function =
                principals.user(principals.functionKey().accessKeyId()).orElseThrow();

        assertThat(function.bind("127.0.0.1")
                        .allows("iot:Connect", "arn:aws:iot:us-east-1:000000000000:client/roundtrip.x"))
                .isTrue();
        assertThat(function.bind("127.0.0.1").allows("iot:Connect", "arn:aws:iot:us-east-1:000000000000:client/pump"))
                .isFalse();
        assertThat(function.bind("127.0.0.1").allows("iot:CreateThing", "*")).isFalse();
    }

    @Test
    void key_that_was_made_a_moment_ago_is_found_and_an_unknown_one_is_not() throws StateException {
        assertThat(principals.find("AKIDNOBODY")).isEmpty();

        StoredUser alice = state.caller(new UserName("alice"), ALLOW_ALL);

        assertThat(principals.find(alice.credentials().accessKeyId())).isPresent();
    }

    @Test
    void certificate_that_was_made_a_moment_ago_is_found_by_the_name_in_it() throws Exception {
        Thing pump = state.provision(new Target("pump"), PREFIX);

        assertThat(principals.newCertificate(certificate(pump))).isPresent();
        assertThat(isActive(pump)).isTrue();
    }

    @Test
    void certificate_whose_files_another_cloud_took_over_first_is_found() throws Exception {
        principals.close();
        try (StatePrincipals other = other()) {
            Thing pump = state.provision(new Target("pump"), PREFIX);
            assertThat(other.newCertificate(certificate(pump))).isPresent();

            assertThat(principals.newCertificate(certificate(pump))).isPresent();
        }
    }

    @Test
    void certificate_whose_files_another_cloud_took_over_first_is_known_after_a_look() throws Exception {
        principals.close();
        try (StatePrincipals other = other()) {
            Thing pump = state.provision(new Target("pump"), PREFIX);
            other.readAllOrTell();

            principals.readAllOrTell();

            assertThat(isActive(pump)).isTrue();
        }
    }

    @Test
    void certificate_that_another_cloud_removed_is_worthless() throws Exception {
        Thing pump = state.provision(new Target("pump"), PREFIX);
        await().atMost(PATIENCE).until(() -> isActive(pump));
        principals.close();

        try (StatePrincipals other = other()) {
            PrivateFiles.deleteDirectory(pump.files().directory());
            other.readAllOrTell();
            principals.readAllOrTell();
        }

        assertThat(isActive(pump)).isFalse();
    }

    @Test
    void change_over_the_control_plane_of_another_cloud_counts() throws Exception {
        Thing pump = state.provision(new Target("pump"), PREFIX);
        await().atMost(PATIENCE).until(() -> isActive(pump));

        new CertificateRegistry(registry()).update(pump.certificateId().value(), CertificateStatus.INACTIVE);

        await().atMost(PATIENCE).until(() -> !isActive(pump));
    }

    @Test
    void more_changes_of_another_cloud_than_are_kept_count_all() throws Exception {
        Thing pump = state.provision(new Target("pump"), PREFIX);
        Thing valve = state.provision(new Target("valve"), PREFIX);
        Thing lamp = state.provision(new Target("lamp"), PREFIX);
        await().atMost(PATIENCE).until(() -> isActive(pump) && isActive(valve) && isActive(lamp));
        principals.close();

        CertificateRegistry certificates = new CertificateRegistry(registry());
        certificates.update(pump.certificateId().value(), CertificateStatus.INACTIVE);
        PrivateFiles.deleteDirectory(lamp.files().directory());
        other().close();
        for (int change = 0; change < 502; change++) {
            certificates.update(valve.certificateId().value(), CertificateStatus.INACTIVE);
            certificates.update(valve.certificateId().value(), CertificateStatus.ACTIVE);
        }
        principals.readAllOrTell();

        assertThat(isActive(valve)).isTrue();
        assertThat(isActive(pump)).isFalse();
        assertThat(isActive(lamp)).isFalse();
    }

    @Test
    void certificate_of_a_thing_that_was_made_anew_is_worthless_without_a_connection_of_the_new_one() throws Exception {
        Thing old = state.provision(new Target("pump"), PREFIX);
        await().atMost(PATIENCE).until(() -> isActive(old));

        Thing anew = state.replace(new Target("pump"), PREFIX);

        await().atMost(PATIENCE).until(() -> isActive(anew) && !isActive(old));
    }

    @Test
    void certificate_that_is_deactivated_by_hand_is_worthless_and_active_again_when_that_is_undone() throws Exception {
        Thing pump = state.provision(new Target("pump"), PREFIX);
        await().atMost(PATIENCE).until(() -> isActive(pump));
        String active = Files.readString(pump.files().thing());

        Files.writeString(pump.files().thing(), active.replace("ACTIVE", "INACTIVE"));
        await().atMost(PATIENCE).until(() -> !isActive(pump));
        Files.writeString(pump.files().thing(), active);

        await().atMost(PATIENCE).until(() -> isActive(pump));
    }

    private Thing provisioned(String name) throws StateException {
        Thing thing = state.provision(new Target(name), PREFIX);
        principals.readAllOrTell();
        return thing;
    }

    private String arn(Thing thing) {
        return registry.account().certificateArn(thing.certificateId().value());
    }

    /** A person allows something else. */
    private void editPolicy(Thing thing) throws Exception {
        Files.writeString(thing.files().policy(), ALLOW_ALL);
        principals.readAllOrTell();
    }

    @Test
    void certificate_that_was_detached_and_deleted_does_not_come_back_with_an_edit() throws Exception {
        Thing pump = provisioned("pump");
        CertificateRegistry certificates = new CertificateRegistry(registry);
        String id = pump.certificateId().value();
        Attachments attachments = new Attachments(registry);
        attachments.detachThing("pump", arn(pump));
        attachments.detachPolicy(ThingFileExchange.policyName("pump"), arn(pump));
        certificates.update(id, CertificateStatus.INACTIVE);
        assertThat(Files.readString(pump.files().thing())).contains("INACTIVE");
        certificates.delete(id, false);

        editPolicy(pump);

        assertThatThrownBy(() -> certificates.get(id)).isInstanceOf(RegistryException.class);
        assertThat(isActive(pump)).isFalse();
    }

    @Test
    void certificate_that_was_revoked_and_detached_stays_so_after_an_edit() throws Exception {
        Thing pump = provisioned("pump");
        CertificateRegistry certificates = new CertificateRegistry(registry);
        String id = pump.certificateId().value();
        new Attachments(registry).detachThing("pump", arn(pump));
        certificates.update(id, CertificateStatus.REVOKED);

        editPolicy(pump);
        Files.writeString(
                pump.files().thing(), Files.readString(pump.files().thing()).replace("REVOKED", "ACTIVE"));
        principals.readAllOrTell();

        assertThat(certificates.get(id).status()).isEqualTo(CertificateStatus.REVOKED);
        assertThat(new Attachments(registry)
                        .principals("pump", new Registry.Page("", 10))
                        .entries())
                .isEmpty();
        assertThat(new PolicyRegistry(registry)
                        .get(ThingFileExchange.policyName("pump"))
                        .current()
                        .document())
                .isEqualTo(ALLOW_ALL);
    }

    @Test
    void certificate_that_belongs_to_another_thing_meanwhile_is_not_taken_by_an_edit() throws Exception {
        Thing pump = provisioned("pump");
        Thing valve = provisioned("valve");
        Attachments attachments = new Attachments(registry);
        attachments.attachThing("pump", arn(pump), Attachment.NON_EXCLUSIVE_THING);
        attachments.attachThing("valve", arn(pump), Attachment.NON_EXCLUSIVE_THING);

        Files.writeString(
                pump.files().thing(),
                Files.readString(pump.files().thing()).replace("NON_EXCLUSIVE_THING", "EXCLUSIVE_THING"));
        principals.readAllOrTell();

        assertThat(complaints).singleElement().asString().contains("exclusively", "thing.json");
        assertThat(attachments.things(arn(pump), new Registry.Page("", 10)).entries())
                .extracting(Attachments.Attached::attachment)
                .containsOnly(Attachment.NON_EXCLUSIVE_THING);
        assertThat(isActive(valve)).isTrue();
    }

    @Test
    void change_that_could_not_be_written_to_files_is_written_later_and_told_once() throws Exception {
        Thing pump = provisioned("pump");
        Path lock = state.path().resolve("lock");
        Files.delete(lock);
        Files.createDirectory(lock);

        new CertificateRegistry(registry).update(pump.certificateId().value(), CertificateStatus.INACTIVE);
        principals.readAllOrTell();
        principals.readAllOrTell();
        String before = Files.readString(pump.files().thing());
        Files.delete(lock);
        principals.readAllOrTell();

        assertThat(before).contains("\"ACTIVE\"");
        assertThat(Files.readString(pump.files().thing())).contains("\"INACTIVE\"");
        assertThat(complaints).singleElement().asString().contains("lock");
        editPolicy(pump);
        assertThat(isActive(pump)).isFalse();
    }

    @Test
    void policy_that_cannot_be_read_allows_nothing_and_is_told_once() throws Exception {
        StoredUser alice = state.caller(new UserName("alice"), ALLOW_ALL);
        String key = alice.credentials().accessKeyId();
        await().atMost(PATIENCE).until(() -> principals.user(key).isPresent());

        Files.writeString(alice.files().policy(), "{");
        principals.readAllOrTell();
        principals.readAllOrTell();

        assertThat(principals.user(key)).map(IamUser::policies).contains(List.of());
        assertThat(complaints).singleElement().asString().contains("policy.json");
    }

    @Test
    void key_that_was_edited_leaves_nothing_of_the_old_one() throws Exception {
        StoredUser alice = state.caller(new UserName("alice"), ALLOW_ALL);
        String old = alice.credentials().accessKeyId();
        String edited = "ASIA" + old.substring(4);
        principals.readAllOrTell();

        Files.writeString(
                alice.files().credentials(),
                Files.readString(alice.files().credentials()).replace(old, edited));
        principals.readAllOrTell();

        assertThat(principals.user(edited)).isPresent();
        assertThat(principals.user(old)).isEmpty();
    }

    @Test
    void user_whose_directory_is_removed_is_gone() throws Exception {
        StoredUser alice = state.caller(new UserName("alice"), ALLOW_ALL);
        String key = alice.credentials().accessKeyId();
        assertThat(principals.find(key)).isPresent();

        for (Path file : List.of(
                alice.files().credentials(),
                alice.files().policy(),
                alice.files().environment())) {
            Files.delete(file);
        }
        Files.delete(alice.files().directory());

        await().atMost(PATIENCE).until(() -> principals.user(key).isEmpty());
        assertThat(principals.find(key)).isEmpty();
    }

    @Test
    void damaged_policy_of_the_gateway_stops_the_start() throws Exception {
        Files.writeString(state.path().resolve("gateway-policy.json"), "{");

        assertThatThrownBy(() -> open(state))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("gateway-policy.json");
    }
}
