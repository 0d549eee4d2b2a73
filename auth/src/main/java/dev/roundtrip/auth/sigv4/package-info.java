/** Verifies AWS Signature Version 4: a signature is checked by signing the request again. */
@NullMarked
package dev.roundtrip.auth.sigv4;

import org.jspecify.annotations.NullMarked;
