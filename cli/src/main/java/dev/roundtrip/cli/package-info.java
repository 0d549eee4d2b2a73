/** All command lines share this package: version, stop signal, usage errors, standard output, texts for I/O errors. */
@NullMarked
package dev.roundtrip.cli;

import org.jspecify.annotations.NullMarked;
