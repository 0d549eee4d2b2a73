package dev.roundtrip.auth.principal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.sigv4.AccessKey;
import dev.roundtrip.auth.sigv4.IamIdentity;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrincipalsTest {
    private static final IamUser ALICE = user("AKIDALICE", "alice");

    private final Principals principals = new Principals();

    private static IamUser user(String accessKeyId, String name) {
        IamIdentity caller =
                new IamIdentity(accessKeyId, "000000000000", "AIDA" + name, "arn:aws:iam::000000000000:user/" + name);
        return new IamUser(name, AccessKey.of(caller, "secret"), List.of());
    }

    private static DeviceCertificate certificate(String fingerprint) {
        return new DeviceCertificate(
                fingerprint, "pump", List.of(), (clientId, sourceIp, certificate) -> PolicyContext.empty());
    }

    @Test
    void principal_is_found_by_its_key_or_fingerprint_and_by_nothing_else() {
        principals.put(ALICE);
        principals.put(certificate("00"));

        assertThat(principals.find("AKIDALICE")).contains(ALICE.key());
        assertThat(principals.user("AKIDALICE")).contains(ALICE);
        assertThat(principals.certificate("00")).isPresent();
        assertThat(principals.find("00")).isEmpty();
        assertThat(principals.user("AKIDBOB")).isEmpty();
        assertThat(principals.certificate("AKIDALICE")).isEmpty();
    }

    @Test
    void every_change_is_another_version() {
        long none = principals.version();
        principals.put(ALICE);
        long added = principals.version();
        principals.put(user("AKIDALICE", "alice"));
        long changed = principals.version();
        principals.remove(user("AKIDALICE", "alice"));

        assertThat(List.of(none, added, changed, principals.version())).doesNotHaveDuplicates();
        assertThat(principals.find("AKIDALICE")).isEmpty();
    }

    @Test
    void whoever_took_a_key_over_is_not_removed_with_its_last_owner() {
        principals.put(ALICE);
        principals.put(user("AKIDALICE", "bob"));

        principals.remove(ALICE);

        assertThat(principals.user("AKIDALICE")).map(IamUser::name).contains("bob");
    }
}
