package dev.roundtrip.sigv4;

import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** The AWS SDK's default chain, or one named profile and nothing else. */
final class SdkConfiguration implements AwsConfiguration {
    private final @Nullable String profile;

    /** @param profile the profile that was asked for, null for the default chain */
    SdkConfiguration(@Nullable String profile) {
        this.profile = profile;
    }

    @Override
    public AwsCredentialsIdentity credentials() {
        if (profile != null) {
            requireProfile(profile);
        }
        AwsCredentialsProvider provider = null;
        try {
            provider = profile == null
                    ? DefaultCredentialsProvider.builder().build()
                    : ProfileCredentialsProvider.create(profile);
            return provider.resolveCredentials();
        } catch (RuntimeException e) { // each provider has its own: SdkClientException, IllegalStateException,
            // UncheckedIOException
            throw new CallFailedException(explain(String.valueOf(e.getMessage())), e);
        } finally {
            if (provider instanceof SdkAutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    @Override
    public Optional<String> profileRegion() {
        String name = profile == null ? ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow() : profile;
        return profiles().profile(name).flatMap(found -> found.property(ProfileProperty.REGION));
    }

    private void requireProfile(String name) {
        ProfileFile file = profiles();
        if (file.profile(name).map(Profile::properties).isEmpty()) {
            throw new CallFailedException("there is no profile '" + name + "'; the AWS configuration files have "
                    + (file.profiles().isEmpty()
                            ? "none"
                            : String.join(", ", new TreeSet<>(file.profiles().keySet()))));
        }
    }

    private static ProfileFile profiles() {
        try {
            return ProfileFile.defaultProfileFile();
        } catch (RuntimeException e) { // IllegalArgumentException when malformed, UncheckedIOException when unreadable
            throw new CallFailedException("the AWS configuration files cannot be read: " + e.getMessage(), e);
        }
    }

    /** What to type so that the AWS CLI puts a profile's credentials into the environment. */
    static String exportCommand(@Nullable String profile) {
        String option = profile == null ? "" : " --profile '" + profile + "'";
        return "eval \"$(aws configure export-credentials" + option + " --format env)\"";
    }

    private String explain(String message) {
        if (message.contains(
                "class path")) { // SSO, assumed roles and web identities need clients that are not part of this program
            return "the profile's kind of login is not built in; let the AWS CLI log in: " + exportCommand(profile)
                    + ", and call again without --profile";
        }
        return profile == null
                ? "no AWS credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile; for a local cloud, source the file env in its state directory (. .local-cloud/env)"
                : "profile '" + profile + "' gives no credentials: "
                        + message.lines().findFirst().orElse(message);
    }
}
