package dev.roundtrip.sigv4;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** An account that everybody may know.
 *
 * @param region what its profile says
 */
record Account(AwsCredentialsIdentity credentials, Optional<String> region) implements AwsConfiguration {
    static final String KEY_ID = "AKIDEXAMPLE";
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    static final String TOKEN = "IQoJb3JpZ2luX2VjE/example+token==";
    static final SignatureCheck CHECK = new SignatureCheck(SECRET);

    static Account plain() {
        return new Account(AwsCredentialsIdentity.create(KEY_ID, SECRET), Optional.empty());
    }

    static Account withSession() {
        return new Account(AwsSessionCredentialsIdentity.create(KEY_ID, SECRET, TOKEN), Optional.empty());
    }

    static Account unknown() {
        return new Account(AwsCredentialsIdentity.create(KEY_ID, "another secret"), Optional.empty());
    }

    Account inRegion(@Nullable String name) {
        return new Account(credentials, Optional.ofNullable(name));
    }

    @Override
    public Optional<String> profileRegion() {
        return region;
    }
}
