/** A {@code Journal} keeps what a device must not forget: which calls began, how they ended, and the counters of lanes.
 *
 * <p>{@code FileJournal} is long: how a file is opened, repaired, appended to and replaced is one idea.
 */
@NullMarked
package dev.roundtrip.device.store;

import org.jspecify.annotations.NullMarked;
