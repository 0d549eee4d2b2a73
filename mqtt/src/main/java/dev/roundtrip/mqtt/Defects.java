package dev.roundtrip.mqtt;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import javax.net.ssl.SSLException;

/** Tells the broker's own defects from what networks and clients do, and logs them without a word of what a client
 * sent.
 */
public final class Defects {
    private static final Logger LOG = System.getLogger(Defects.class.getName());

    private Defects() {}

    /** Whether the network failed, or what carries bytes on it. */
    public static boolean isLoss(Throwable cause) {
        return cause instanceof IOException
                || cause instanceof PrematureChannelClosureException
                || cause.getCause() instanceof SSLException;
    }

    /** Whether a client sent what cannot be read. Netty has types of its own for that, and wraps any other exception of
     * a decoder.
     */
    public static boolean isMalformed(Throwable cause) {
        return cause instanceof DecoderException
                && (cause.getClass() != DecoderException.class || cause.getCause() == null);
    }

    /** Does one step of many. When the step fails, that is logged, and the caller goes on with the others.
     *
     * @param what what was not done then
     */
    static void contain(String what, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error defect) {
            log(what, defect);
        }
    }

    /** Says what it was and where; an exception's message may quote a payload. */
    public static void log(String what, Throwable cause) {
        Throwable defect = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        StackTraceElement[] trace = defect.getStackTrace();
        LOG.log(
                Level.ERROR,
                "{0} because of a defect of the broker: {1} at {2}",
                what,
                defect.getClass().getName(),
                trace.length > 0 ? trace[0] : "an unknown place");
    }
}
