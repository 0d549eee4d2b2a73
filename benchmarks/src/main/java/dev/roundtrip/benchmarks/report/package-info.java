/** What was measured, as a table for a terminal, JSON for programs, and a page with plots for people. */
@NullMarked
package dev.roundtrip.benchmarks.report;

import org.jspecify.annotations.NullMarked;
