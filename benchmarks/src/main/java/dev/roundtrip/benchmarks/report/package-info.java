/** What was measured and where, as tables for a terminal and for documents, JSON for programs, and a page with plots
 * for people.
 */
@NullMarked
package dev.roundtrip.benchmarks.report;

import org.jspecify.annotations.NullMarked;
