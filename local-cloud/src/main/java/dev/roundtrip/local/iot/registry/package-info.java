/** Stores things, certificates of things, device policies and the gateway policy in files. A person may
 * edit the policies and {@code thing.json}.
 */
@NullMarked
package dev.roundtrip.local.iot.registry;

import org.jspecify.annotations.NullMarked;
