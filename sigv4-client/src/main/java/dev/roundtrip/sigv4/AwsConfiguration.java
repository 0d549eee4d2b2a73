package dev.roundtrip.sigv4;

import java.util.Optional;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** What this machine knows about its user's AWS account. */
interface AwsConfiguration {

    /** The credentials to sign with.
     *
     * @throws CallFailedException when there are none
     */
    AwsCredentialsIdentity credentials();

    /** The region that the user's profile names. */
    Optional<String> profileRegion();
}
