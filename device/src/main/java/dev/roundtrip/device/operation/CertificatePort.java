package dev.roundtrip.device.operation;

import org.jspecify.annotations.Nullable;

/** A device's identity. Implemented by its maker; {@link IdentityFiles} does what concerns files. */
public interface CertificatePort {

    /** Makes a new key, keeps it aside, and asks for a certificate.
     *
     * @return the request, PEM (PKCS #10)
     * @throws Exception when it cannot; the job has failed
     */
    String request() throws Exception;

    /** Has the request signed, by whom the maker trusts, and keeps the certificate aside, at best before it is active.
     *
     * @param request what {@link #request} returned
     * @return the certificate, PEM
     * @throws RotationFailedException when nobody signs; the job has failed with its message
     * @throws Exception when it cannot be said why; the job has failed
     */
    String issue(String request) throws Exception;

    /** Whether the device can connect with the certificate that is kept aside, and subscribe to what
     * {@link RotateCertificate#filters} names. The old one stays in use.
     *
     * @throws Exception when that cannot be found out; the job has failed
     */
    boolean connects() throws Exception;

    /** Uses the new certificate from the next start on. Must survive a power cut at any moment, and may be called again
     * where a power cut or an exception has ended it.
     *
     * @throws Exception when it cannot, now; {@link #discard} says what follows
     */
    void adopt() throws Exception;

    /** Gives the certificate up that is kept aside, unless its adoption has begun: what a job has failed with must not
     * be used by a later start.
     *
     * @return whether no start will use it; false where {@link #adopt} has begun, and a start goes on with it
     * @throws Exception when that is not known; the job is told nothing before the next start
     */
    boolean discard() throws Exception;

    /** The certificate that is kept aside, and that no start will use: a power cut after {@link #issue} leaves one that
     * the record of no job names.
     *
     * @return its fingerprint, as with {@link #uses}; null when there is none, or when nobody knows
     * @throws Exception when that is not known, now
     */
    default @Nullable String leftOver() throws Exception {
        return null;
    }

    /** Connects anew, usually by a restart of the program. */
    void restart() throws Exception;

    /** Whether the device uses this certificate.
     *
     * @param fingerprint SHA-256 of the certificate, in lower-case hexadecimal digits: AWS's certificate id
     */
    boolean uses(String fingerprint) throws Exception;

    /** Whether this certificate is kept aside, so that it can be adopted.
     *
     * @param fingerprint as with {@link #uses}
     */
    boolean keeps(String fingerprint) throws Exception;
}
