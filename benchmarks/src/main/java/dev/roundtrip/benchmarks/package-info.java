/** The program {@code benchmark} measures calls, code on the path of a call, and cold starts. The subcommand
 * {@code cost} computes the cost on AWS.
 */
@NullMarked
package dev.roundtrip.benchmarks;

import org.jspecify.annotations.NullMarked;
