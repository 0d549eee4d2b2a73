package dev.roundtrip.local.endtoend;

/** One line of a ledger: what a device really did for an execution, and how far it was.
 *
 * @param boot which process of the device, counted from 1
 * @param id of the job, or of the command's execution
 * @param number of the job's execution; 1 for a command
 * @param detail the step, what was remembered, or the status
 */
record WorkLine(int boot, String thing, Kind kind, String id, long number, Event event, String detail) {
    private static final int PARTS = 7;

    /** What was asked for. */
    enum Kind {
        JOB,
        COMMAND
    }

    /** What happened. */
    enum Event {
        /** The handler was called. */
        BEGAN,
        /** The effect of one step was there. */
        STEP,
        /** The service had acknowledged these status details. */
        REMEMBERED,
        /** The handler was about to return this status. */
        ENDED,
        /** The handler was left, in whatever way. */
        LEFT
    }

    /** Which execution on which thing. */
    record Key(Kind kind, String thing, String id, long number) {}

    Key key() {
        return new Key(kind, thing, id, number);
    }

    /** @param line what {@link #toString} made */
    static WorkLine read(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != PARTS) {
            throw new IllegalArgumentException("no line of a ledger: " + line);
        }
        return new WorkLine(
                Integer.parseInt(parts[0]),
                parts[1],
                Kind.valueOf(parts[2]),
                parts[3],
                Long.parseLong(parts[4]),
                Event.valueOf(parts[5]),
                parts[6]);
    }

    @Override
    public String toString() {
        return boot + " " + thing + " " + kind + " " + id + " " + number + " " + event + " " + detail;
    }
}
