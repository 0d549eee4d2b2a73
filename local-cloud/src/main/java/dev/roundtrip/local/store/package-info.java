/** Reads and writes the files of a state directory. Only the owner can read the files. A write replaces a
 * whole file. A lock serializes writers.
 *
 * <p>{@code PrivateFiles} is long because safe replace, read and list depend on each other.
 */
@NullMarked
package dev.roundtrip.local.store;

import org.jspecify.annotations.NullMarked;
