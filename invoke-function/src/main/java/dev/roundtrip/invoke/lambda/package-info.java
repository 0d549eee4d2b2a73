/** Contains the AWS Lambda handler, the settings and the wiring of the function. */
@NullMarked
package dev.roundtrip.invoke.lambda;

import org.jspecify.annotations.NullMarked;
