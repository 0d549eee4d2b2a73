package dev.roundtrip.local.iot.command;

import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.time.ServiceClock;
import dev.roundtrip.mqtt.ServicePublisher;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** What commands need around them.
 *
 * @param store has their rows
 * @param account whose ARNs name commands and devices
 * @param publisher brings requests to devices, and tells of executions
 * @param clock stamps, and ends the time of executions
 * @param things whether a thing is registered
 * @param conflicts whether the next update of a device meets a conflict that is wanted
 */
public record CommandEnvironment(
        TableStore store,
        Account account,
        ServicePublisher publisher,
        ServiceClock clock,
        Predicate<String> things,
        BooleanSupplier conflicts) {}
