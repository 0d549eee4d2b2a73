/** What all command lines share: version, stop signal, wrong usage, standard output, and the system's reasons in a
 * person's words.
 */
@NullMarked
package dev.roundtrip.cli;

import org.jspecify.annotations.NullMarked;
