/** Thing groups: a hierarchy, and the things in it. */
@NullMarked
package dev.roundtrip.local.iot.group;

import org.jspecify.annotations.NullMarked;
