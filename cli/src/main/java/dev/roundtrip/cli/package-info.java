/** All command lines share this package: version, help, completion, stop signal, usage errors, streams, text tables,
 * progress, texts for I/O errors.
 */
@NullMarked
package dev.roundtrip.cli;

import org.jspecify.annotations.NullMarked;
