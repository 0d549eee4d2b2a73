package dev.roundtrip.benchmarks.scaling;

/** A way to make calls. The counts are those of calls that are answered, with QoS 1 both ways; a test counts them at
 * the local broker.
 */
@SuppressWarnings("ImmutableEnumChecker") // Traffic is a record of numbers.
enum Pattern {
    /** Each call connects, subscribes and disconnects, as the AWS sample of 2022 does. */
    CONNECT_PER_CALL("connect per call", Hosting.ON_DEMAND, Opening.NONE, new Traffic(1, 1, 0, 2, 0, 2, 2)),
    /** A warm connection; the next call's answer topic is subscribed ahead. */
    PER_CALL("warm, per call", Hosting.ON_DEMAND, Opening.SUBSCRIBED, new Traffic(0, 1, 1, 2, 0, 2, 2)),
    /** A warm connection with an instance: one subscription hears its answers and no others. */
    INSTANCE("warm, instance", Hosting.ON_DEMAND, Opening.SUBSCRIBED, new Traffic(0, 0, 0, 2, 0, 2, 2)),
    /** Lambda Managed Instances: like {@link #INSTANCE}, with many calls at once in a process. */
    MANAGED("Managed Instances", Hosting.MANAGED, Opening.SUBSCRIBED, new Traffic(0, 0, 0, 2, 0, 2, 2)),
    /** Like {@link #PER_CALL}, with the command as a direct message. */
    DIRECT("direct messages", Hosting.ON_DEMAND, Opening.SUBSCRIBED, new Traffic(0, 1, 1, 1, 1, 2, 2));

    final String title;
    final Hosting hosting;
    private final Opening opening;
    final Traffic call;

    /** How the function is run, and paid for. */
    enum Hosting {
        /** Environments of one call at a time, paid by duration. */
        ON_DEMAND,
        /** Environments of many calls at once, paid by the hour. */
        MANAGED
    }

    /** What a connection costs that outlives its call. */
    private enum Opening {
        NONE(new Traffic(0, 0, 0, 0, 0, 0, 0)),
        SUBSCRIBED(new Traffic(1, 1, 0, 0, 0, 0, 0));

        final Traffic traffic;

        Opening(Traffic traffic) {
            this.traffic = traffic;
        }
    }

    Pattern(String title, Hosting hosting, Opening opening, Traffic call) {
        this.title = title;
        this.hosting = hosting;
        this.opening = opening;
        this.call = call;
    }

    /** What is sent once for each connection, beside its calls. */
    Traffic connection() {
        return opening.traffic;
    }

    boolean connectsForEachCall() {
        return call.connects() > 0;
    }
}
