package dev.roundtrip.device.operation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;

/** A device's certificate and key in two files, and new ones beside them with the ending {@code .new}. One process at a
 * time. Call {@link #recover} before the files are used.
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
        if (Files.exists(marker())) {
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
     * @throws IOException when it cannot be done now; the next {@link #recover} goes on
     */
    public void adopt() throws IOException {
        write(marker(), "the files with the ending .new replace those without it\n");
        replace();
    }

    /** Whether the certificate in use is this one.
     *
     * @param fingerprint SHA-256, in lower-case hexadecimal digits
     * @throws IOException when it cannot be read
     */
    public boolean uses(String fingerprint) throws IOException {
        try {
            return RotateCertificate.fingerprint(Files.readString(certificate)).equals(fingerprint);
        } catch (CertificateException unreadable) {
            return false;
        }
    }

    private void replace() throws IOException {
        for (Path file : new Path[] {key, certificate}) {
            if (Files.exists(beside(file, ".new"))) {
                Files.move(
                        beside(file, ".new"),
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.deleteIfExists(marker());
    }

    private Path marker() {
        return beside(certificate, ".adopting");
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    private static void write(Path file, String text) throws IOException {
        Path temporary = beside(file, ".tmp");
        Files.deleteIfExists(temporary);
        boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] mine = isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Files.createFile(temporary, mine);
        Files.writeString(temporary, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
