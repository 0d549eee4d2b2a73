/** Files that are their owner's alone: written whole or not at all, read while others replace them, and guarded by
 * locks.
 */
@NullMarked
package dev.roundtrip.local.store;

import org.jspecify.annotations.NullMarked;
