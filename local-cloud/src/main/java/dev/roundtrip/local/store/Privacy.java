package dev.roundtrip.local.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/** The rule that a state directory is its owner's alone. */
public final class Privacy {
    private static final Set<PosixFilePermission> OF_OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private Privacy() {}

    /** Checks that others may neither read nor change what is in a directory.
     *
     * @throws StateException when they may
     */
    public static void check(Path directory) throws StateException {
        try {
            if (!Files.isDirectory(directory)) {
                throw new StateException(directory + " is not a directory");
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
            if (!OF_OWNER.containsAll(permissions)) {
                throw new StateException(directory + " is open to others (" + PosixFilePermissions.toString(permissions)
                        + "), but holds private keys: run chmod 700 " + ShellWord.quote(directory.toString()));
            }
        } catch (IOException failure) {
            throw StateException.of("read", directory, failure);
        } catch (UnsupportedOperationException notPosix) {
            throw new StateException(directory + " is on a file system that cannot keep files private");
        }
    }

    /** Checks that a directory belongs to this process's user.
     *
     * @throws StateException when somebody else owns the directory, and so could open it to himself
     */
    public static void checkOwner(Path directory) throws StateException {
        try {
            Path ownFile = PrivateFiles.createEmpty(directory);
            try {
                UserPrincipal owner = Files.getOwner(directory);
                if (!owner.equals(Files.getOwner(ownFile))) {
                    throw new StateException(directory + " belongs to " + owner.getName()
                            + ", who could read the private keys in it: use a directory of your own");
                }
            } finally {
                Files.delete(ownFile);
            }
        } catch (IOException failure) {
            throw StateException.of("write", directory, failure);
        }
    }
}
