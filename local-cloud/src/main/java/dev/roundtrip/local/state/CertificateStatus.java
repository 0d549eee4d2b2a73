package dev.roundtrip.local.state;

/** Whether a certificate may be used. */
public enum CertificateStatus {
    /** It may. */
    ACTIVE,
    /** Not now. */
    INACTIVE,
    /** Never again. */
    REVOKED
}
