/** Decides what a policy document allows: IoT and IAM policies in JSON, parsed once, bound to one connection, asked for
 * every message.
 */
@NullMarked
package dev.roundtrip.auth.policy;

import org.jspecify.annotations.NullMarked;
