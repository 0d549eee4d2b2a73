package dev.roundtrip.local.users;

import java.nio.file.Path;

/** Where the files of one caller are.
 *
 * @param directory named like the caller
 */
public record UserFiles(Path directory) {
    static final String CREDENTIALS = "credentials";
    static final String POLICY = "policy.json";
    static final String ENVIRONMENT = "env";

    /** The access key, as AWS tools read it: {@code AWS_SHARED_CREDENTIALS_FILE}, the profile {@code default}. */
    public Path credentials() {
        return directory.resolve(CREDENTIALS);
    }

    /** The IAM policy of the caller; may be edited. */
    public Path policy() {
        return directory.resolve(POLICY);
    }

    /** The same key as variables, to be sourced by a shell. */
    public Path environment() {
        return directory.resolve(ENVIRONMENT);
    }
}
