package dev.roundtrip.local.iot.data;

import dev.roundtrip.local.app.AccountOperations;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.iot.authorization.KnownPrincipals;
import dev.roundtrip.local.iot.authorization.NamedPolicy;
import dev.roundtrip.local.iot.command.CommandEnvironment;
import dev.roundtrip.local.iot.command.CommandService;
import dev.roundtrip.local.iot.control.ControlPlane;
import dev.roundtrip.local.iot.group.ThingGroups;
import dev.roundtrip.local.iot.job.DocumentValues;
import dev.roundtrip.local.iot.job.JobLimits;
import dev.roundtrip.local.iot.job.JobOperations;
import dev.roundtrip.local.iot.job.JobTopics;
import dev.roundtrip.local.iot.job.Jobs;
import dev.roundtrip.local.iot.job.JobsDataPlane;
import dev.roundtrip.local.iot.provisioning.ProvisioningEnvironment;
import dev.roundtrip.local.iot.provisioning.ProvisioningService;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.shadow.TestShadows;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.RsaKeys;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.sts.SecurityTokens;
import dev.roundtrip.local.time.MovableClock;
import dev.roundtrip.mqtt.Broker;
import dev.roundtrip.mqtt.BrokerLimits;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The tables of operations of all services, for tests that are made from them. What answers has a memory of its own.
 */
public final class AllTables {
    private static final KnownPrincipals NOBODY = new KnownPrincipals() {
        @Override
        public Optional<Known> find(String arn, String clientId) {
            return Optional.empty();
        }

        @Override
        public Optional<NamedPolicy> policy(String name) {
            return Optional.empty();
        }
    };

    private AllTables() {}

    /** In the order of docs/services.md. */
    public static List<OperationTable> of(Broker broker) {
        return List.of(
                controlPlane(broker),
                JobsDataPlane.of(jobs(broker, new InMemoryTables()))
                        .serving(commands(broker, new InMemoryTables()).dataPlane()),
                dataPlane(broker),
                SecurityTokens.operations());
    }

    private static OperationTable controlPlane(Broker broker) {
        InMemoryTables tables = new InMemoryTables();
        Registry registry = new Registry(tables, new Account(Account.DEFAULT_REGION), InstantSource.system());
        return ControlPlane.of(registry, Authority.inMemory(Instant.now()), new RsaKeys(), InstantSource.system())
                .serving(AccountOperations.of(
                        tables, registry, new ThingGroups(tables, registry), InstantSource.system(), () -> "", NOBODY))
                .serving(commands(broker, tables).controlPlane())
                .serving(JobOperations.of(jobs(broker, tables)))
                .serving(ProvisioningService.start(new ProvisioningEnvironment(
                                tables,
                                registry,
                                Authority.inMemory(Instant.now()),
                                new RsaKeys(),
                                new MovableClock(Instant.EPOCH)))
                        .operations());
    }

    private static Jobs jobs(Broker broker, InMemoryTables tables) {
        return new Jobs(
                tables,
                broker.servicePublisher(),
                new MovableClock(Instant.EPOCH),
                new Registry(tables, new Account(Account.DEFAULT_REGION), InstantSource.system()),
                JobLimits.NONE,
                DocumentValues.NONE);
    }

    private static CommandService commands(Broker broker, InMemoryTables tables) {
        return CommandService.start(new CommandEnvironment(
                tables,
                new Account(Account.DEFAULT_REGION),
                broker.servicePublisher(),
                new MovableClock(Instant.EPOCH),
                name -> true,
                () -> false));
    }

    /** The topics of requests for jobs, as filters. */
    public static List<String> jobTopics(Broker broker) {
        return new JobTopics(jobs(broker, new InMemoryTables())).requests();
    }

    public static OperationTable dataPlane(Broker broker) {
        return DataPlane.of(broker, BrokerLimits.local(), TestShadows.on(broker));
    }
}
