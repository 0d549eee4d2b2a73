package dev.roundtrip.local.iot.provisioning;

import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.RsaKeys;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.time.ServiceClock;

/** What provisioning needs around it.
 *
 * @param store has its rows, and those of the registry
 * @param registry takes things, certificates and policies
 * @param authority signs certificates
 * @param keys makes keys of devices
 * @param clock stamps, and ends claims and tokens
 */
public record ProvisioningEnvironment(
        TableStore store, Registry registry, Authority authority, RsaKeys keys, ServiceClock clock) {
    Account account() {
        return registry.account();
    }
}
