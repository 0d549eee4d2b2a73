/** Operations of AWS Security Token Service. */
@NullMarked
package dev.roundtrip.local.sts;

import org.jspecify.annotations.NullMarked;
