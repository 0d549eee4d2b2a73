package dev.roundtrip.local.iot.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.app.AccountOperations;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.iot.authorization.KnownPrincipals;
import dev.roundtrip.local.iot.authorization.NamedPolicy;
import dev.roundtrip.local.iot.control.ControlPlane;
import dev.roundtrip.local.iot.job.JobOperations;
import dev.roundtrip.local.iot.job.Jobs;
import dev.roundtrip.local.iot.job.JobsDataPlane;
import dev.roundtrip.local.iot.job.TimerLateness;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.shadow.TestShadows;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.store.table.InMemoryTables;
import dev.roundtrip.local.sts.SecurityTokens;
import dev.roundtrip.local.time.MovableClock;
import dev.roundtrip.mqtt.BrokerLimits;
import dev.roundtrip.mqtt.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/services.md is made from the tables of operations. */
class ServicesPageTest {
    private static final Path DOCUMENT = Path.of("../docs/services.md");

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

    private static String section(OperationTable table) {
        long served = table.operations().stream()
                .filter(operation -> operation.handler() != null)
                .count();
        String rest = table.operations().stream()
                .filter(operation -> operation.handler() == null)
                .map(Operation::name)
                .collect(Collectors.joining(", "));
        return "## " + table.title() + "\n\nService model `" + table.model() + "`, signing name"
                + (table.signingNames().size() == 1 ? " " : "s ")
                + table.signingNames().stream()
                        .sorted()
                        .map(name -> '`' + name + '`')
                        .collect(Collectors.joining(" and "))
                + ". " + served + " of " + table.operations().size() + " operations are served.\n\n"
                + "| operation | request | a policy must allow |\n|---|---|---|\n"
                + table.operations().stream()
                        .filter(operation -> operation.handler() != null)
                        .map(ServicesPageTest::row)
                        .collect(Collectors.joining())
                + (rest.isEmpty() ? "" : "\nNot served: " + rest + ".\n");
    }

    private static String row(Operation operation) {
        return "| " + operation.name() + " | `" + operation.method() + ' ' + operation.uri() + "` | "
                + (operation.permissions().isEmpty() ? "nothing" : "")
                + operation.permissions().stream()
                        .map(ServicesPageTest::permission)
                        .collect(Collectors.joining("; "))
                + " |\n";
    }

    private static String permission(Operation.Permission permission) {
        String flag = permission.flag() == null ? "" : "with `" + permission.flag() + "=true` ";
        String conditions = permission.context().keySet().stream()
                .sorted()
                .map(key -> ", condition key `" + key + '`')
                .collect(Collectors.joining());
        return flag + '`' + permission.action() + "` on `" + permission.resource() + '`' + conditions;
    }

    @Test
    void page_is_made_from_the_tables() throws IOException {
        try (TestBroker broker = new TestBroker()) {
            InMemoryTables tables = new InMemoryTables();
            Registry registry = new Registry(tables, new Account(Account.DEFAULT_REGION), InstantSource.system());
            Jobs jobs = new Jobs(
                    tables,
                    broker.broker.servicePublisher(),
                    new MovableClock(Instant.EPOCH),
                    registry,
                    TimerLateness.NONE);
            List<OperationTable> all = List.of(
                    ControlPlane.of(registry, Authority.inMemory(Instant.now()), InstantSource.system())
                            .serving(AccountOperations.of(tables, registry, InstantSource.system(), () -> "", NOBODY))
                            .serving(JobOperations.of(jobs)),
                    DataPlane.of(broker.broker, BrokerLimits.local(), TestShadows.on(broker.broker)),
                    JobsDataPlane.of(jobs),
                    SecurityTokens.operations());

            String sections = all.stream().map(ServicesPageTest::section).collect(Collectors.joining("\n"));

            Path made = Files.createDirectories(Path.of("target")).resolve("services.md");
            String document = Files.readString(DOCUMENT);
            int begin = document.indexOf("## ");
            Files.writeString(made, document.substring(0, begin) + sections);
            assertThat(document)
                    .as("docs/services.md is out of date: cp local-cloud/target/services.md docs/services.md")
                    .isEqualTo(Files.readString(made));
        }
    }
}
