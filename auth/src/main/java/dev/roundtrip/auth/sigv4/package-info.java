/** Verifies AWS Signature Version 4. The verifier computes the signature of a request again. */
@NullMarked
package dev.roundtrip.auth.sigv4;

import org.jspecify.annotations.NullMarked;
