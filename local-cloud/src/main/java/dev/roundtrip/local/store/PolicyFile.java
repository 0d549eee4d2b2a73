package dev.roundtrip.local.store;

import dev.roundtrip.auth.policy.MalformedPolicyException;
import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyType;
import java.nio.file.Path;

/** Reads a policy that users may have edited. */
public final class PolicyFile {
    private PolicyFile() {}

    /** @throws StateException when the file is missing or holds no policy; the message says where and why */
    public static Policy read(Path file, PolicyType type) throws StateException {
        return check(file, type, PrivateFiles.readExisting(file));
    }

    /** @param text what was read from the file
     * @throws StateException when it is no policy; the message says where and why
     */
    public static Policy check(Path file, PolicyType type, String text) throws StateException {
        try {
            return Policy.parse(type, text);
        } catch (MalformedPolicyException malformed) {
            throw new StateException(file + ": " + malformed.getMessage());
        }
    }
}
