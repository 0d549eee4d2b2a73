/** Writes results as text tables, as JSON and as an HTML page with plots. A report includes the machine. */
@NullMarked
package dev.roundtrip.benchmarks.report;

import org.jspecify.annotations.NullMarked;
