package dev.roundtrip.device.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The part of a file system that a journal needs. What is not synced may be lost, in whole or in part, when the power
 * is cut. Used by one thread at a time.
 */
interface Disk {

    /** Opens a file, and makes it when it is not there.
     *
     * @throws IOException when it cannot be read and written
     */
    Content open(Path file) throws IOException;

    /** Gives a file the name of another one, which it replaces at once.
     *
     * @throws IOException when that is not possible; both names stay as they are
     */
    void rename(Path from, Path to) throws IOException;

    /** Syncs the names of the files beside a file, where the system can do so. */
    void syncNames(Path file);

    /** An open file. */
    interface Content extends Closeable {

        long length() throws IOException;

        byte[] read() throws IOException;

        /** Writes bytes at a place; the file becomes longer where they exceed it. */
        void write(long at, byte[] bytes) throws IOException;

        void setLength(long length) throws IOException;

        /** Returns when a power cut can take nothing away that was written before. */
        void sync() throws IOException;
    }
}
