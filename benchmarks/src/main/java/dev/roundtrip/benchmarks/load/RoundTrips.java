package dev.roundtrip.benchmarks.load;

/** Something that can be asked, and answers. It has lanes, numbered from 0: in each lane one question is open at a
 * time.
 */
public interface RoundTrips extends AutoCloseable {

    /** How many questions can be open at once. */
    int lanes();

    /** Asks, and returns at once; any thread may ask.
     *
     * @param lane one where no question is open
     * @param asker told once, on a thread that it must not block
     */
    void ask(int lane, Asker asker);

    @Override
    void close();

    /** Whoever asked. */
    @FunctionalInterface
    interface Asker {
        /** The question has ended; the lane is free. */
        void ended(Ending ending);
    }

    /** How a question ended. */
    enum Ending {
        /** With the answer that belongs to it. */
        ANSWERED,
        /** With a refusal, a wrong answer, or a lost connection. */
        FAILED
    }
}
