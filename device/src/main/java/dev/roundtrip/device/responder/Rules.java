package dev.roundtrip.device.responder;

/** How a responder goes about its work.
 *
 * @param limits what it takes on
 * @param lanes which calls take turns
 * @param keeping how much it remembers of calls with a key or a sequence
 */
public record Rules(Limits limits, Lanes lanes, Keeping keeping) {

    /** These limits, lanes of one method each, and the usual memory. */
    public static Rules of(Limits limits) {
        return new Rules(limits, Lanes.EACH_ITS_OWN, Keeping.DEFAULT);
    }

    /** The same with other lanes. */
    public Rules withLanes(Lanes other) {
        return new Rules(limits, other, keeping);
    }

    /** The same with another memory. */
    public Rules withKeeping(Keeping other) {
        return new Rules(limits, lanes, other);
    }
}
