/** Who may do something: IAM users and certificates of devices with their policies, resolved from memory. */
@NullMarked
package dev.roundtrip.auth.principal;

import org.jspecify.annotations.NullMarked;
