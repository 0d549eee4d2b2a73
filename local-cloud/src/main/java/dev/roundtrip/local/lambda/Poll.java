package dev.roundtrip.local.lambda;

import org.jspecify.annotations.Nullable;

/** A runtime that waits for its next work. Answered once; never blocks. */
interface Poll {

    /** Answers it.
     *
     * @param invocation the work; null when it waited for no more than to be restored
     */
    void answer(@Nullable Invocation invocation);
}
