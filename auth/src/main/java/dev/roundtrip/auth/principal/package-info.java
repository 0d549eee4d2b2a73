/** Holds principals in memory. A principal is an IAM user or a device certificate, with policies. */
@NullMarked
package dev.roundtrip.auth.principal;

import org.jspecify.annotations.NullMarked;
