package dev.roundtrip.device.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What a device knows of its shadow: the version, and what is desired. Used by one thread. */
final class Knowledge {
    private final Wishes wishes = new Wishes();
    private long version;

    /** Of the get that waits for its answer. */
    private @Nullable String token;

    /** The version at that get. */
    private long before;

    /** The greatest version of the deltas that were dropped since. */
    private long dropped;

    private boolean isCurrent;

    Wishes wishes() {
        return wishes;
    }

    /** The last version that is known; 0 when none is. */
    long version() {
        return version;
    }

    /** Whether a get was answered, and nothing spoke against it since. */
    boolean isCurrent() {
        return isCurrent;
    }

    /** A new connection: versions may begin anew, and everything is applied anew. */
    void forget() {
        doubt();
        version = 0;
        wishes.forget();
    }

    /** Another get is due. */
    void doubt() {
        isCurrent = false;
        token = null;
    }

    void asked(String its) {
        isCurrent = false;
        token = its;
        before = version;
        dropped = 0;
    }

    boolean isAsked(JsonNode answer) {
        return token != null && token.equals(answer.path("clientToken").textValue());
    }

    /** The service answers the get. Its version counts, also a smaller one, since a shadow that was deleted may begin
     * anew; except where a delta has come since the get.
     *
     * @param its 0 when there is no such shadow
     */
    Verdict got(long its, JsonNode delta) {
        isCurrent = true;
        token = null;
        if (its < version && version == before) {
            version = 0;
            wishes.forget();
        }
        if (its > 0 && its >= version) {
            version = its;
            wishes.take(delta, its, false);
        }
        if (dropped > version) {
            doubt();
            return Verdict.GET_AGAIN;
        }
        return Verdict.DONE;
    }

    /** A delta comes. One that is older than what is known is dropped: it is late, or the shadow has begun anew, and
     * the answer to a get tells which. One with the same version counts: an answer to an update has the version of its
     * delta.
     */
    Verdict delta(long its, JsonNode delta, boolean isOurs) {
        if (its < 1) {
            return Verdict.NOT_OURS;
        }
        if (its < version) {
            dropped = Math.max(dropped, its);
            Verdict verdict = isCurrent ? Verdict.GET_AGAIN : Verdict.NOT_OURS;
            isCurrent = false;
            return verdict;
        }
        version = its;
        wishes.take(delta, its, isOurs);
        return Verdict.DONE;
    }

    /** An update of the device's own has made this version. It is known when nobody else has made one before it: then
     * what is desired is known, too.
     */
    void updated(long its) {
        if (its == version + 1) {
            version = its;
        }
    }
}
