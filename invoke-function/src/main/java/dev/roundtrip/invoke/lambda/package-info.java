/** The function as AWS Lambda runs it: settings, wiring, and the handler. */
@NullMarked
package dev.roundtrip.invoke.lambda;

import org.jspecify.annotations.NullMarked;
