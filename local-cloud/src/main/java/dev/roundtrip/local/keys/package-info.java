/** The certificate authority of one state directory, and what it issues: the servers' certificate and those of the
 * things.
 */
@NullMarked
package dev.roundtrip.local.keys;

import org.jspecify.annotations.NullMarked;
