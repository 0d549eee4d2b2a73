/** Files that are their owner's alone: written whole or not at all, read while others replace them, and guarded by
 * locks.
 *
 * <p>{@code PrivateFiles} is long: how files are replaced, read and listed safely is one idea.
 */
@NullMarked
package dev.roundtrip.local.store;

import org.jspecify.annotations.NullMarked;
