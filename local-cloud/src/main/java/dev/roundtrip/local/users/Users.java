package dev.roundtrip.local.users;

import dev.roundtrip.auth.policy.MalformedPolicyException;
import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyType;
import dev.roundtrip.local.store.EnvironmentFile;
import dev.roundtrip.local.store.PolicyFile;
import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The callers of a state directory. Every look-up reads the files, so that what another process changed is seen at
 * once.
 */
public final class Users {
    private static final Pattern KEY_ID = Pattern.compile("(?m)^aws_access_key_id *= *(\\S+) *$");
    private static final Pattern SECRET = Pattern.compile("(?m)^aws_secret_access_key *= *(\\S+) *$");

    private final Path directory;

    public Users(Path directory) {
        this.directory = directory;
    }

    public Optional<StoredUser> find(UserName name) throws StateException {
        return PrivateFiles.readDirectory(files(name).directory(), place -> {
            UserFiles now = new UserFiles(place);
            List<Policy> policies = List.of(PolicyFile.read(now.policy(), PolicyType.IAM));
            return new StoredUser(name, credentials(now), policies, files(name));
        });
    }

    /** The key of a caller, whatever is the matter with the policy. */
    public Optional<Credentials> findKey(UserName name) throws StateException {
        return PrivateFiles.readDirectory(files(name).directory(), place -> credentials(new UserFiles(place)));
    }

    /** What changes whenever a file of a caller does that is read here. */
    public String stamp(UserName name) {
        UserFiles files = files(name);
        return PrivateFiles.stamp(files.directory(), files.credentials(), files.policy());
    }

    /** The names of all callers, complete or not. */
    public List<UserName> names() throws StateException {
        List<UserName> names = new ArrayList<>();
        for (String entry : PrivateFiles.names(directory)) {
            name(entry).ifPresent(names::add);
        }
        return names;
    }

    /** Makes a caller, or gives the one that is there another policy; it keeps its key, unless it cannot be read. Call
     * it under the lock.
     */
    public StoredUser put(UserName name, String policy) throws StateException {
        checkPolicy(policy);
        PrivateFiles.createDirectories(directory);
        write(name, keyToKeep(files(name)).orElseGet(() -> Credentials.random(new SecureRandom())), policy);
        return find(name).orElseThrow(() -> new StateException(files(name).directory() + " is gone again"));
    }

    private static Optional<Credentials> keyToKeep(UserFiles files) {
        try {
            return Files.exists(files.credentials()) ? Optional.of(credentials(files)) : Optional.empty();
        } catch (StateException damaged) {
            return Optional.empty();
        }
    }

    private void write(UserName name, Credentials credentials, String policy) throws StateException {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_ACCESS_KEY_ID", credentials.accessKeyId());
        variables.put("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey());
        String profile = "[default]\naws_access_key_id = " + credentials.accessKeyId() + "\naws_secret_access_key = "
                + credentials.secretAccessKey() + "\n";
        PrivateFiles.writeDirectory(
                files(name).directory(),
                List.of(
                        new PrivateFiles.NamedText(UserFiles.CREDENTIALS, profile),
                        new PrivateFiles.NamedText(UserFiles.ENVIRONMENT, EnvironmentFile.of(variables)),
                        new PrivateFiles.NamedText(UserFiles.POLICY, policy)));
    }

    private static void checkPolicy(String policy) throws StateException {
        try {
            Policy.parse(PolicyType.IAM, policy);
        } catch (MalformedPolicyException malformed) {
            throw new StateException("the policy cannot be taken: " + malformed.getMessage());
        }
    }

    private static Credentials credentials(UserFiles files) throws StateException {
        String text = PrivateFiles.readExisting(files.credentials());
        Matcher id = KEY_ID.matcher(text);
        Matcher secret = SECRET.matcher(text);
        if (id.find() && secret.find()) {
            return new Credentials(id.group(1), secret.group(1));
        }
        throw new StateException(files.credentials()
                + " must have aws_access_key_id and aws_secret_access_key: mend it, or make the caller anew");
    }

    private UserFiles files(UserName name) {
        return new UserFiles(directory.resolve(name.value()));
    }

    private static Optional<UserName> name(String entry) {
        try {
            return Optional.of(new UserName(entry));
        } catch (IllegalArgumentException noCaller) {
            return Optional.empty();
        }
    }
}
