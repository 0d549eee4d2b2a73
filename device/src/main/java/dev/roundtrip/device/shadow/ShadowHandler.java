package dev.roundtrip.device.shadow;

import org.jspecify.annotations.Nullable;

/** Applies a value that is desired for one property of a shadow.
 *
 * @param <T> what the value is read as
 */
@FunctionalInterface
public interface ShadowHandler<T> {

    /** Applies it. Called by one thread of the shadow, and may block it; what comes meanwhile waits.
     *
     * @param wanted what is desired; an array is one value, an object holds the members that differ
     * @return what the device reports, usually {@code wanted}; null reports that there is no value
     * @throws ShadowRefusedException when the device does not apply the value
     */
    @Nullable Object apply(T wanted) throws ShadowRefusedException;
}
