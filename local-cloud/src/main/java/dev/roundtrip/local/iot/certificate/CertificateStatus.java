package dev.roundtrip.local.iot.certificate;

/** Whether a certificate may be used. */
public enum CertificateStatus {
    /** It may. */
    ACTIVE,
    /** Not now. */
    INACTIVE,
    /** Not before its device is provisioned. */
    PENDING_ACTIVATION,
    /** Never again. */
    REVOKED
}
