package dev.roundtrip.device.operation;

import dev.roundtrip.device.store.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** A device's certificate and key in two files, and new ones beside them with the ending {@code .new}. One process at a
 * time. Call {@link #recover} before the files are used. Neither a power cut nor an interrupt leaves the key of one
 * identity beside the certificate of another.
 *
 * @param certificate PEM
 * @param key PEM
 */
public record IdentityFiles(Path certificate, Path key) {

    /** Finishes what a power cut has interrupted: both files are new, or both are old.
     *
     * @throws IOException when a file cannot be written
     */
    public void recover() throws IOException {
        DurableFiles.discardUnfinished(newKey());
        DurableFiles.discardUnfinished(newCertificate());
        if (isAdopting()) {
            replace();
        }
    }

    /** Keeps a new key aside; its owner alone can read it.
     *
     * @throws IOException when it cannot be written
     */
    public void keepAside(CertificateRequest request) throws IOException {
        write(newKey(), request.key());
    }

    /** Keeps a new certificate aside.
     *
     * @throws IOException when it cannot be written
     */
    public void keepAside(String newCertificate) throws IOException {
        write(newCertificate(), newCertificate);
    }

    /** Where the new certificate is kept. */
    public Path newCertificate() {
        return beside(certificate, ".new");
    }

    /** Where the new key is kept. */
    public Path newKey() {
        return beside(key, ".new");
    }

    /** Puts the new files in the place of the old ones.
     *
     * @throws IOException when it cannot be done now. Where {@link #discard} is false then, the next {@link #recover}
     *     goes on
     */
    public void adopt() throws IOException {
        if (!isAdopting()) {
            if (!Files.exists(newCertificate()) || !Files.exists(newKey())) {
                throw new IOException("there is no new certificate and key");
            }
            write(marker(), "the files with the ending .new replace those without it\n");
        }
        replace();
    }

    /** Gives the new files up, unless their adoption has begun.
     *
     * @return whether no start uses them; false where the adoption has begun, and {@link #recover} goes on with it
     * @throws IOException when they cannot be deleted
     */
    public boolean discard() throws IOException {
        if (isAdopting()) {
            return false;
        }
        DurableFiles.delete(newCertificate());
        DurableFiles.delete(newKey());
        return true;
    }

    /** The fingerprint of the certificate that is kept aside, as with {@link #uses}.
     *
     * @return null when there is none, when its adoption has begun, or when it is no certificate
     * @throws IOException when it cannot be read
     */
    public @Nullable String leftOver() throws IOException {
        if (isAdopting() || !Files.exists(newCertificate())) {
            return null;
        }
        try {
            return RotateCertificate.fingerprint(Files.readString(newCertificate()));
        } catch (CertificateException unreadable) {
            return null;
        }
    }

    /** Whether the certificate in use is this one.
     *
     * @param fingerprint SHA-256, in lower-case hexadecimal digits
     * @throws IOException when it cannot be read
     */
    public boolean uses(String fingerprint) throws IOException {
        return is(certificate, fingerprint);
    }

    /** Whether this certificate is kept aside, with a key.
     *
     * @param fingerprint SHA-256, in lower-case hexadecimal digits
     * @throws IOException when it cannot be read
     */
    public boolean keeps(String fingerprint) throws IOException {
        return Files.exists(newCertificate())
                && (Files.exists(newKey()) || isAdopting())
                && is(newCertificate(), fingerprint);
    }

    private static boolean is(Path file, String fingerprint) throws IOException {
        try {
            return RotateCertificate.fingerprint(Files.readString(file)).equals(fingerprint);
        } catch (CertificateException unreadable) {
            return false;
        }
    }

    private boolean isAdopting() {
        return Files.exists(marker());
    }

    private void replace() throws IOException {
        for (Path file : new Path[] {key, certificate}) {
            if (Files.exists(beside(file, ".new"))) {
                DurableFiles.rename(beside(file, ".new"), file);
            }
        }
        DurableFiles.delete(marker());
    }

    private Path marker() {
        return beside(certificate, ".adopting");
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    private static void write(Path file, String text) throws IOException {
        DurableFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
