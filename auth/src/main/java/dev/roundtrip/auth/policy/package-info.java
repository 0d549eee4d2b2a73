/** Evaluates AWS IoT and IAM policies. {@code PolicyReader} parses the JSON of a policy.
 * {@code BoundPolicies} holds the policies of one principal for one connection or one HTTP request.
 */
@NullMarked
package dev.roundtrip.auth.policy;

import org.jspecify.annotations.NullMarked;
