package dev.roundtrip.sigv4;

import java.util.function.Supplier;

/** One of the calls that a repetition makes in turn.
 *
 * @param target the device that it goes to; empty when there is but one call, whose device nobody named
 * @param signing signs the call anew whenever it is asked
 */
record RepeatedCall(String target, Supplier<SignedRequest> signing) {}
