package dev.roundtrip.benchmarks;

/** Where the function runs that is measured. */
enum RuntimeKind {
    IN_PROCESS("in-process"),
    PROCESS("process");

    private final String text;

    RuntimeKind(String text) {
        this.text = text;
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return text;
    }
}
