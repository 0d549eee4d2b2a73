/** Keeps things, certificates, policies and what is attached to what, in tables. Files of things are taken over, and
 * written when the tables change; the policy of the gateway is a file alone.
 */
@NullMarked
package dev.roundtrip.local.iot.registry;

import org.jspecify.annotations.NullMarked;
