package dev.roundtrip.benchmarks.scaling;

/** What the broker sees of something, in packets.
 *
 * @param connects CONNECT of the gateway; metered
 * @param subscribes SUBSCRIBE of the gateway, with one filter each; metered
 * @param unsubscribes UNSUBSCRIBE of the gateway; free
 * @param publishes PUBLISH of any client; metered
 * @param directs SendDirectMessage requests; metered
 * @param deliveries PUBLISH to any client; metered
 * @param acknowledgements PUBACK of any client; metered
 */
record Traffic(
        long connects,
        long subscribes,
        long unsubscribes,
        long publishes,
        long directs,
        long deliveries,
        long acknowledgements) {
    /** One answer is published and delivered for every call; what is more belongs to the command. */
    long commandPublishes() {
        return publishes - 1;
    }

    /** The delivery of a direct message is part of its price. */
    long commandDeliveries() {
        return deliveries - directs - 1;
    }

    Traffic times(long times) {
        return new Traffic(
                connects * times,
                subscribes * times,
                unsubscribes * times,
                publishes * times,
                directs * times,
                deliveries * times,
                acknowledgements * times);
    }

    Traffic minus(Traffic other) {
        return new Traffic(
                connects - other.connects,
                subscribes - other.subscribes,
                unsubscribes - other.unsubscribes,
                publishes - other.publishes,
                directs - other.directs,
                deliveries - other.deliveries,
                acknowledgements - other.acknowledgements);
    }
}
