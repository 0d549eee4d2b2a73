package dev.roundtrip.benchmarks.coldstart;

/** One start, in milliseconds.
 *
 * @param ready from the start of the process, or from the end of its snapshot, until it asks for its first call; it is
 *     connected then
 * @param answer from the first call's event until its answer
 * @param cpu what the process has used of all processors until that answer
 */
record Start(double ready, double answer, double cpu) {

    /** From the start of the process until the first answer, when a call is waiting already. */
    double total() {
        return ready + answer;
    }
}
