package dev.roundtrip.device.job;

import java.io.Serial;

/** A device did nothing for a job and trying again does not help: the execution ends as REJECTED. */
public final class JobRejectedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param reason what is wrong in the document, a sentence for people */
    public JobRejectedException(String reason) {
        super(reason);
    }
}
