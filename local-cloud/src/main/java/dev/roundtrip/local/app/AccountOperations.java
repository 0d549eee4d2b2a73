package dev.roundtrip.local.app;

import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.iot.authorization.AuthorizationTests;
import dev.roundtrip.local.iot.authorization.KnownPrincipals;
import dev.roundtrip.local.iot.command.CommandService;
import dev.roundtrip.local.iot.configuration.Endpoints;
import dev.roundtrip.local.iot.configuration.EventConfigurations;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.group.GroupOperations;
import dev.roundtrip.local.iot.group.ThingGroups;
import dev.roundtrip.local.iot.job.JobTemplates;
import dev.roundtrip.local.iot.job.Jobs;
import dev.roundtrip.local.iot.provisioning.ProvisioningService;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.PolicyRegistry;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.ThingTypeRegistry;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.mqtt.Broker;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Operations of the control plane beside those of the registry: endpoints, events, tags, groups, tests of policies. */
public final class AccountOperations {
    private AccountOperations() {}

    /** @param broker whose port for gateways speaks every protocol of AWS's port 443 */
    static List<Operation> of(Foundation foundation, Broker broker) {
        boolean bare = foundation.settings().ports().areOfAws();
        return of(
                foundation.tables(),
                foundation.registry(),
                foundation.groups(),
                foundation.clock(),
                () -> bare ? LocalCloud.HOST : LocalCloud.HOST + ":" + broker.gatewayPort(),
                new RegistryPolicies(foundation.registry()));
    }

    /** The operations.
     *
     * @param endpoint what DescribeEndpoint answers: a host where clients fix AWS's ports and find them, else
     *     {@code HOST:PORT}
     */
    public static List<Operation> of(
            TableStore tables,
            Registry registry,
            ThingGroups groups,
            InstantSource clock,
            Supplier<String> endpoint,
            KnownPrincipals principals) {
        Account account = registry.account();
        Tags tags = new Tags(
                tables,
                (rows, arn) -> named(arn, account.iotArn("thinggroup/"), name -> ThingGroups.has(rows, name))
                        || named(arn, account.policyArn(""), name -> PolicyRegistry.has(rows, name))
                        || named(arn, account.thingTypeArn(""), name -> ThingTypeRegistry.has(rows, name))
                        || named(arn, account.iotArn("job/"), id -> Jobs.has(rows, id))
                        || named(arn, account.iotArn("jobtemplate/"), id -> JobTemplates.has(rows, id))
                        || named(arn, account.iotArn("command/"), name -> CommandService.has(rows, name))
                        || named(
                                arn,
                                account.iotArn("provisioningtemplate/"),
                                name -> ProvisioningService.has(rows, name)));
        registry.clear(Tags::clear);
        return Stream.of(
                        new Endpoints(endpoint).operations(),
                        new EventConfigurations(tables, clock).operations(),
                        tags.operations(),
                        new GroupOperations(groups, account, clock).operations(),
                        new AuthorizationTests(principals).operations())
                .flatMap(List::stream)
                .toList();
    }

    /** Whether an ARN begins so, and there is something of the name that follows. */
    private static boolean named(String arn, String prefix, Predicate<String> isThere) {
        return arn.startsWith(prefix) && isThere.test(arn.substring(prefix.length()));
    }
}
