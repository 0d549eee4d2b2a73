package dev.roundtrip.client;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/** The credentials of the environment, in the variables that every AWS tool reads. */
final class EnvironmentCredentials implements IdentityProvider<AwsCredentialsIdentity> {
    private final Map<String, String> environment;

    EnvironmentCredentials(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Class<AwsCredentialsIdentity> identityType() {
        return AwsCredentialsIdentity.class;
    }

    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        @Nullable String id = environment.get("AWS_ACCESS_KEY_ID");
        @Nullable String secret = environment.get("AWS_SECRET_ACCESS_KEY");
        @Nullable String session = environment.get("AWS_SESSION_TOKEN");
        if (id == null || id.isBlank() || secret == null || secret.isBlank()) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set; give others with withCredentials"));
        }
        return CompletableFuture.completedFuture(
                session == null || session.isBlank()
                        ? AwsCredentialsIdentity.create(id, secret)
                        : AwsSessionCredentialsIdentity.create(id, secret, session));
    }
}
