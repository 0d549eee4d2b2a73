/** Contains the certificate authority of one state directory. The authority issues the server certificate
 * and the thing certificates.
 */
@NullMarked
package dev.roundtrip.local.keys;

import org.jspecify.annotations.NullMarked;
