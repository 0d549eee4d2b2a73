package dev.roundtrip.auth.policy;

/** Where a policy is attached, which decides how long it may be. */
public enum PolicyType {
    /** A policy of AWS IoT Core, attached to a certificate. Source of the limit: AWS IoT Core endpoints and quotas,
     * "Policy document size".
     */
    IOT(2_048),
    /** A policy of a role or user. Source of the limit: IAM quotas, "Role inline policy size". */
    IAM(10_240);

    private final int maxLength;

    PolicyType(int maxLength) {
        this.maxLength = maxLength;
    }

    /** The longest document, in characters that are not white space. */
    public int maxLength() {
        return maxLength;
    }
}
