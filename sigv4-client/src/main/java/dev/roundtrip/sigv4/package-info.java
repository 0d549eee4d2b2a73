/** Signs HTTP requests with AWS Signature Version 4 and sends them: a small library, and the command
 * {@code sigv4-client}.
 */
@NullMarked
package dev.roundtrip.sigv4;

import org.jspecify.annotations.NullMarked;
