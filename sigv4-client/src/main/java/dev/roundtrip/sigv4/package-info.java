/** Signs an HTTP request with AWS Signature Version 4 and sends the request. {@code SignCommand} is the
 * command {@code sigv4-client}.
 */
@NullMarked
package dev.roundtrip.sigv4;

import org.jspecify.annotations.NullMarked;
