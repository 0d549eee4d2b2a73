/** Signed calls from a process of its own: ten thousand connections have twenty thousand ends, more than many systems
 * let one process open.
 */
@NullMarked
package dev.roundtrip.benchmarks.caller;

import org.jspecify.annotations.NullMarked;
