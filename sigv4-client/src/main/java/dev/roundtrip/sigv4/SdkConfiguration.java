package dev.roundtrip.sigv4;

import dev.roundtrip.cli.SystemReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileLocation;
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
        if (profile != null) {
            requireProfile(profile);
        }
        String name = profile == null ? ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow() : profile;
        return profiles().profile(name).flatMap(found -> found.property(ProfileProperty.REGION));
    }

    private void requireProfile(String name) {
        unreadableFile().ifPresent(reason -> {
            throw new CallFailedException(reason);
        });
        ProfileFile file = profiles();
        if (file.profile(name).map(Profile::properties).isEmpty()) {
            throw new CallFailedException("there is no profile '" + name + "'; the AWS configuration files have "
                    + (file.profiles().isEmpty()
                            ? "none"
                            : String.join(", ", new TreeSet<>(file.profiles().keySet()))));
        }
    }

    /** Which of the two files is there and cannot be read, and why; the SDK passes over both cases in silence. */
    private static Optional<String> unreadableFile() {
        for (Path file :
                List.of(ProfileFileLocation.configurationFilePath(), ProfileFileLocation.credentialsFilePath())) {
            try (InputStream in = Files.newInputStream(file)) {
                in.read();
            } catch (NoSuchFileException missing) {
                // Either of them may be missing.
            } catch (IOException e) {
                return Optional.of("the AWS configuration file " + file + " cannot be read: " + SystemReason.of(e));
            }
        }
        return Optional.empty();
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
                ? unreadableFile()
                        .orElse("no AWS credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a"
                                + " profile with --profile; for a local cloud, source the file env in its state"
                                + " directory (. .local-cloud/env)")
                : "profile '" + profile + "' gives no credentials: "
                        + withoutObject(message.lines().findFirst().orElse(message));
    }

    /** The SDK's message without the object that it prints, which lists the names of all profiles. */
    private static String withoutObject(String message) {
        int object = message.indexOf(": ProfileFile(");
        return object < 0 ? message : message.substring(0, object);
    }
}
