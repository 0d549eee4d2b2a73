/** Runs the packaged function in separate processes with {@code --runtime process}. Each process runs the
 * AWS runtime client against a local Runtime API.
 */
@NullMarked
package dev.roundtrip.local.lambda;

import org.jspecify.annotations.NullMarked;
