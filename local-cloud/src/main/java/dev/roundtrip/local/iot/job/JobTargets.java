package dev.roundtrip.local.iot.job;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.group.ThingGroups;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The things that the targets of a job name. */
final class JobTargets {
    private final String things;
    private final String groups;

    JobTargets(Account account) {
        this.things = account.iotArn("thing/");
        this.groups = account.iotArn("thinggroup/");
    }

    /** The names of the things, each once.
     *
     * @param arns of things and thing groups
     * @throws Refusal when there is no such thing or thing group
     */
    Set<String> things(Snapshot rows, List<String> arns) throws Refusal {
        Set<String> names = new TreeSet<>();
        for (String arn : arns) {
            if (arn.startsWith(things)
                    && ThingRegistry.id(rows, arn.substring(things.length())).isPresent()) {
                names.add(arn.substring(things.length()));
            } else if (isGroup(rows, arn)) {
                names.addAll(ThingGroups.members(rows, arn.substring(groups.length())));
            } else {
                throw new Refusal(ErrorType.RESOURCE_NOT_FOUND, "The target does not exist (" + arn + ")");
            }
        }
        return names;
    }

    private boolean isGroup(Snapshot rows, String arn) {
        return arn.startsWith(groups) && ThingGroups.has(rows, arn.substring(groups.length()));
    }
}
