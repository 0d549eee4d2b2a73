package dev.roundtrip.local.iot.provisioning;

/** What is to be done at a time. */
enum ProvisioningTask {
    /** A temporary claim ends; the subject is the id of its certificate. */
    END_CLAIM,
    /** A token ends, and with it a certificate that nobody used; the subject is the token's digest. */
    END_TOKEN
}
