/** Sends signed HTTP requests, and connects devices, from a separate process. 10,000 connections in one process need
 * 20,000 file descriptors. Many systems allow fewer.
 */
@NullMarked
package dev.roundtrip.benchmarks.caller;

import org.jspecify.annotations.NullMarked;
