package dev.roundtrip.local.lambda;

/** What a function says of its failure.
 *
 * @param type the type of the exception
 * @param message may quote the event: for the log of the machine's owner alone
 */
record RuntimeError(String type, String message) {
    @Override
    public String toString() {
        return type + ": " + message;
    }
}
