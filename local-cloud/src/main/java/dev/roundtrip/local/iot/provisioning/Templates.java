package dev.roundtrip.local.iot.provisioning;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.configuration.Tags;
import dev.roundtrip.local.iot.provisioning.ProvisioningTemplate.Properties;
import dev.roundtrip.local.iot.registry.Registry.Listed;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The templates, in a table. Thread-safe. */
final class Templates {
    private static final Table TEMPLATES = new Table("provisioning_templates");

    private final ProvisioningEnvironment around;

    Templates(ProvisioningEnvironment around) {
        this.around = around;
    }

    static Optional<ProvisioningTemplate> find(Snapshot rows, String name) {
        return name.isEmpty()
                ? Optional.empty()
                : rows.get(TEMPLATES, name).map(row -> ProvisioningTemplate.of(name, row));
    }

    /** The ARN of a template. */
    String arn(String name) {
        return around.account().iotArn("provisioningtemplate/" + name);
    }

    private static ProvisioningTemplate existing(Snapshot rows, String name) throws Refusal {
        return find(rows, name)
                .orElseThrow(() -> new Refusal(
                        ErrorType.RESOURCE_NOT_FOUND, "The provisioning template " + name + " does not exist"));
    }

    private static void put(Transaction rows, ProvisioningTemplate template) {
        rows.put(TEMPLATES, template.name(), template.toBytes());
    }

    /** Makes a template with its first version. */
    void create(ProvisioningTemplate template, Map<String, String> tags) throws Refusal {
        String arn = arn(template.name());
        boolean unused = around.store().<Boolean, Refusal>write(rows -> {
            if (find(rows, template.name()).isPresent()) {
                throw new Refusal(
                        ErrorType.RESOURCE_ALREADY_EXISTS,
                        "The provisioning template " + template.name() + " already exists",
                        Map.of("resourceId", template.name(), "resourceArn", arn));
            }
            if (rows.page(TEMPLATES, "", "", OpenFacts.MAX_TEMPLATES).size() == OpenFacts.MAX_TEMPLATES) {
                throw new Refusal(
                        ErrorType.LIMIT_EXCEEDED,
                        "There are at most " + OpenFacts.MAX_TEMPLATES + " provisioning templates");
            }
            put(rows, template);
            Tags.put(rows, arn, tags);
            return true;
        });
    }

    ProvisioningTemplate get(String name) throws Refusal {
        return around.store().<ProvisioningTemplate, Refusal>read(rows -> existing(rows, name));
    }

    /** What an update asks for.
     *
     * @param description null when it stays
     * @param enabled null when it stays
     * @param roleArn null when it stays
     * @param defaultVersion null when it stays
     */
    record Update(
            @Nullable String description,
            @Nullable Boolean enabled,
            @Nullable String roleArn,
            @Nullable Integer defaultVersion) {
        private Properties of(Properties before) {
            return new Properties(
                    description == null ? before.description() : description,
                    enabled == null ? before.enabled() : enabled,
                    roleArn == null ? before.roleArn() : roleArn);
        }
    }

    void update(String name, Update update) throws Refusal {
        boolean unused = around.store().<Boolean, Refusal>write(rows -> {
            ProvisioningTemplate before = existing(rows, name);
            Integer wanted = update.defaultVersion();
            int version = wanted == null
                    ? before.defaultVersion()
                    : version(before, wanted).number();
            put(
                    rows,
                    before.changed(
                            update.of(before.properties()),
                            version,
                            around.clock().instant()));
            return true;
        });
    }

    /** Deletes a template with all versions. */
    void delete(String name) throws Refusal {
        boolean unused = around.store().<Boolean, Refusal>write(rows -> {
            ProvisioningTemplate before = existing(rows, name);
            rows.delete(TEMPLATES, before.name());
            Tags.clear(rows, arn(name));
            return true;
        });
    }

    /** Adds a version, which counts at once or later.
     *
     * @return the template, whose last version is the new one
     */
    ProvisioningTemplate addVersion(String name, String body, boolean asDefault) throws Refusal {
        return around.store().<ProvisioningTemplate, Refusal>write(rows -> {
            ProvisioningTemplate before = existing(rows, name);
            if (before.versions().size() >= OpenFacts.MAX_VERSIONS) {
                throw new Refusal(
                        ErrorType.VERSIONS_LIMIT_EXCEEDED,
                        "The provisioning template " + name + " already has " + OpenFacts.MAX_VERSIONS + " versions");
            }
            ProvisioningTemplate now =
                    before.with(body, asDefault, around.clock().instant());
            put(rows, now);
            return now;
        });
    }

    void deleteVersion(String name, int number) throws Refusal {
        boolean unused = around.store().<Boolean, Refusal>write(rows -> {
            ProvisioningTemplate before = existing(rows, name);
            if (version(before, number).number() == before.defaultVersion()) {
                throw new Refusal(
                        ErrorType.DELETE_CONFLICT,
                        "The default version of a provisioning template cannot be deleted (" + name + ", version "
                                + number + ")");
            }
            put(rows, before.without(number, around.clock().instant()));
            return true;
        });
    }

    static ProvisioningTemplate.Version version(ProvisioningTemplate template, int number) throws Refusal {
        return template.version(number)
                .orElseThrow(() -> new Refusal(
                        ErrorType.RESOURCE_NOT_FOUND,
                        "The provisioning template " + template.name() + " has no version " + number));
    }

    /** Templates by name. */
    Listed<ProvisioningTemplate> list(Page page) {
        return around.store().<Listed<ProvisioningTemplate>, RuntimeException>read(rows -> {
            List<Row> found = rows.page(TEMPLATES, "", page.after(), page.most() + 1);
            String next = found.size() <= page.most()
                    ? ""
                    : found.get(page.most() - 1).key();
            return new Listed<>(
                    found.stream()
                            .limit(page.most())
                            .map(row -> ProvisioningTemplate.of(row.key(), row.value()))
                            .toList(),
                    next);
        });
    }
}
