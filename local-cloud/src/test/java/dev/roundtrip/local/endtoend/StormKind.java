package dev.roundtrip.local.endtoend;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How the function is set in a storm, and what its weather is. */
enum StormKind {
    /** More clients than the function takes calls at once. */
    SHARED(64, 1),

    /** More clients than a connection has subscriptions, and a function that lets them all in. */
    PER_CALL(52, 2),

    /** Commands go past the faults of messages; answers, connections and the broker do not. */
    DIRECT(64, 3),

    /** Answers that name the connection, on topics with a level more. */
    INSTANCE(64, 4);

    private static final List<String> WANTED = List.of(
            "200 ok",
            "502 device_error",
            "409 refused",
            "504 timeout",
            "429 throttled",
            "413 too_large",
            "400 invalid_parameters",
            "fault cut",
            "fault delay",
            "fault drop",
            "fault duplicate",
            "fault late",
            "fault reorder",
            "fault restart");

    private final int clients;
    private final long seed;

    StormKind(int clients, long seed) {
        this.clients = clients;
        this.seed = seed;
    }

    /** How many event loops the broker has: one, as two cores give it, and more than there are cores. */
    int eventLoops() {
        return switch (this) {
            case PER_CALL, INSTANCE -> 1;
            case SHARED, DIRECT -> 4;
        };
    }

    /** Its part of so many calls. */
    int calls(int all) {
        return all / values().length;
    }

    /** How many make calls at once. */
    int clients() {
        return clients;
    }

    /** The seed when none is given. */
    long seed() {
        return seed;
    }

    /** The function's settings. */
    Map<String, String> function() {
        return switch (this) {
            case SHARED -> Map.of("ACK_SUBSCRIPTION", "shared", "MAX_CALLS_IN_FLIGHT", "60");
            case PER_CALL -> Map.of("ACK_SUBSCRIPTION", "per-call", "MAX_CALLS_IN_FLIGHT", "1000");
            case INSTANCE -> Map.of("ACK_SUBSCRIPTION", "instance", "MAX_CALLS_IN_FLIGHT", "60");
            case DIRECT -> Map.of("DELIVERY", "direct", "ACK_SUBSCRIPTION", "shared", "MAX_CALLS_IN_FLIGHT", "60");
        };
    }

    /** The endings and faults without which a storm has shown nothing. */
    Stream<String> wanted() {
        return Stream.concat(
                WANTED.stream(),
                this == DIRECT ? Stream.of("503 offline") : Stream.of("503 unavailable", "fault forge.refused"));
    }
}
