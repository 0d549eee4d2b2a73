package dev.roundtrip.client;

import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/** Credentials that do not change. */
final class FixedCredentials implements IdentityProvider<AwsCredentialsIdentity> {
    private final AwsCredentialsIdentity identity;

    FixedCredentials(AwsCredentialsIdentity identity) {
        this.identity = identity;
    }

    @Override
    public Class<AwsCredentialsIdentity> identityType() {
        return AwsCredentialsIdentity.class;
    }

    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        return CompletableFuture.completedFuture(identity);
    }
}
