package dev.roundtrip.local.endtoend;

import java.util.Map;
import java.util.Random;

/** Writes to a local cloud that is killed meanwhile, to what belongs to this writer alone. */
interface KillableWriter {
    /** Chooses something that can be written now.
     *
     * @param known what is there, by names of the writer's own
     */
    Write next(Map<String, String> known, Random random);

    /** Reads everything that belongs to the writer, and looks whether it fits together.
     *
     * @return what is there, as {@link Write} says it
     */
    Map<String, String> read() throws Exception;

    /** One request to write.
     *
     * @param after what is there afterwards: all or nothing of the difference
     */
    record Write(String name, Map<String, String> after, Request request) {}

    /** The cloud has answered, and did not do it. */
    final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String answer) {
            super(answer);
        }
    }

    /** Sends it. */
    @FunctionalInterface
    interface Request {
        /** Returns when it is acknowledged. */
        void send() throws Exception;
    }
}
