/** Runs the packaged function as AWS Lambda does: in processes of its own, under AWS's runtime client, against a local
 * Runtime API.
 */
@NullMarked
package dev.roundtrip.local.lambda;

import org.jspecify.annotations.NullMarked;
