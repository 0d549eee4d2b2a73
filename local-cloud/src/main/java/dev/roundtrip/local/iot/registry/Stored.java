package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The tables of the registry, and how their values are written: as JSON. */
final class Stored {
    /** Things by name. */
    static final Table THINGS = new Table("things");

    /** Thing types by name. */
    static final Table THING_TYPES = new Table("thing_types");

    /** Certificates by id. */
    static final Table CERTIFICATES = new Table("certificates");

    /** Certificates of provisioning claims, by id. */
    static final Table CLAIMS = new Table("claim_certificates");

    /** Policies with their versions, by name. */
    static final Table POLICIES = new Table("policies");

    /** Policy and target. */
    static final Table POLICY_TARGETS = new Table("policy_targets");

    /** Target and policy. */
    static final Table TARGET_POLICIES = new Table("target_policies");

    /** Thing and principal; the value is the attachment. */
    static final Table THING_PRINCIPALS = new Table("thing_principals");

    /** Principal and thing; the value is the attachment. */
    static final Table PRINCIPAL_THINGS = new Table("principal_things");

    /** What is known of the files of things, by the thing's name. */
    static final Table THING_FILES = new Table("thing_files");

    private Stored() {}

    static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    static JsonNode node(byte[] bytes) {
        try {
            return Json.mapper().readTree(bytes);
        } catch (IOException damaged) {
            throw new StoreException("a row of the registry is no JSON", damaged);
        }
    }

    static boolean isAny(Snapshot rows, Table table, String prefix) {
        return !rows.page(table, prefix, "", 1).isEmpty();
    }
}
