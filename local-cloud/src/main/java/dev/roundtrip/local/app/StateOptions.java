package dev.roundtrip.local.app;

import dev.roundtrip.local.iot.registry.Account;
import java.time.Clock;
import java.util.List;

/** What a state directory is opened with.
 *
 * @param region the AWS region the local cloud plays, lower-case letters, digits and {@code -}
 * @param serverNames further DNS names or addresses by which clients reach the servers, beside {@code localhost},
 *     {@code 127.0.0.1} and {@code ::1}; may be empty
 * @param clock tells when certificates are made and whether they are valid
 */
public record StateOptions(String region, List<String> serverNames, Clock clock) {
    public StateOptions {
        serverNames = List.copyOf(serverNames);
    }

    /** {@link Account#DEFAULT_REGION}, no further names, the system's clock. */
    public static StateOptions defaults() {
        return new StateOptions(Account.DEFAULT_REGION, List.of(), Clock.systemUTC());
    }

    public StateOptions withRegion(String region) {
        return new StateOptions(region, serverNames, clock);
    }

    public StateOptions withServerNames(List<String> serverNames) {
        return new StateOptions(region, serverNames, clock);
    }

    public StateOptions withClock(Clock clock) {
        return new StateOptions(region, serverNames, clock);
    }
}
