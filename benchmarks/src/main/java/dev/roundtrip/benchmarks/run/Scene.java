package dev.roundtrip.benchmarks.run;

import dev.roundtrip.benchmarks.caller.CallerProcess;
import dev.roundtrip.benchmarks.stage.Stage;

/** A stage, and clients in a process of their own.
 *
 * @param stage cloud and devices, in this process
 * @param caller the clients
 */
record Scene(Stage stage, CallerProcess caller) {}
