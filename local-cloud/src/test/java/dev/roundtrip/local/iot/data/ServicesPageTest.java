package dev.roundtrip.local.iot.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.mqtt.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/services.md is made from the tables of operations. */
class ServicesPageTest {
    private static final Path DOCUMENT = Path.of("../docs/services.md");

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
            String sections = AllTables.of(broker.broker).stream()
                    .map(ServicesPageTest::section)
                    .collect(Collectors.joining("\n"));

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
