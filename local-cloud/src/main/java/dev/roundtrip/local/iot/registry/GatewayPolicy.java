package dev.roundtrip.local.iot.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.roundtrip.auth.policy.BoundPolicies;
import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.policy.PolicyType;
import dev.roundtrip.local.store.PolicyFile;
import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The file with the gateway's policy: made, made anew for other parameters or by another version, and kept where a
 * person edited it.
 */
public final class GatewayPolicy {
    private final Path file;
    private final GatewayRole role;

    public GatewayPolicy(Path file, GatewayRole role) {
        this.file = file;
        this.role = role;
    }

    /** The policy that counts; the file is made when it is missing. Call it under the lock. */
    public Policy openOrCreate() throws StateException {
        if (PrivateFiles.read(file).isEmpty()) {
            PrivateFiles.write(file, PolicyDocuments.ofGateway(role));
        }
        return read();
    }

    public boolean exists() throws StateException {
        return PrivateFiles.read(file).isPresent();
    }

    public Policy read() throws StateException {
        return PolicyFile.read(file, PolicyType.IAM);
    }

    /** Brings the file up to date, unless a person edited it. Call it under the lock.
     *
     * @return what there is to say of it, one line; empty when nothing changed and nothing is lacking
     */
    public Optional<String> renew() throws StateException {
        Optional<String> found = PrivateFiles.read(file);
        String wanted = PolicyDocuments.ofGateway(role);
        if (found.isEmpty() || isOneOf(List.of(wanted), found.get())) {
            return Optional.empty();
        }
        if (isOneOf(EarlierPolicies.ofGateway(role.prefix()), found.get())) {
            PrivateFiles.write(file, wanted);
            return Optional.of(file.getFileName()
                    + " was what an earlier version made, and is made anew: client ids are " + role.prefix()
                    + ".* now, and the gateway has no right that it does not need");
        }
        if (isOneOf(ofOtherParameters(role.prefix()), found.get())) {
            PrivateFiles.write(file, wanted);
            return Optional.of(file.getFileName() + " was made for other parameters, and is made anew for delivery "
                    + lowerCase(role.delivery()) + " and presence queries " + lowerCase(role.presenceQueries()));
        }
        return lacking();
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static List<String> ofOtherParameters(ClientPrefix prefix) {
        List<String> texts = new ArrayList<>();
        for (GatewayRole.Delivery delivery : GatewayRole.Delivery.values()) {
            for (GatewayRole.PresenceQueries queries : GatewayRole.PresenceQueries.values()) {
                texts.add(PolicyDocuments.ofGateway(new GatewayRole(prefix, delivery, queries)));
            }
        }
        return texts;
    }

    /** What no gateway can do without; the rest may be left out on purpose. */
    private Optional<String> lacking() throws StateException {
        BoundPolicies policies = BoundPolicies.of(List.of(read()), PolicyContext.empty());
        String iot = "arn:aws:iot:" + Account.DEFAULT_REGION + ":" + Account.ID + ":";
        String id = "00000000-0000-4000-8000-000000000000";
        List<String> lacking = new ArrayList<>();
        if (!policies.allows("iot:Connect", iot + "client/" + role.prefix() + "." + id)) {
            lacking.add("iot:Connect on client/" + role.prefix() + ".*");
        }
        if (!policies.allows("iot:Subscribe", iot + "topicfilter/" + role.prefix() + "/+/+/+/ack")
                && !policies.allows("iot:Subscribe", iot + "topicfilter/" + role.prefix() + "/" + id + "/+/+/ack")) {
            lacking.add("iot:Subscribe on topicfilter/" + role.prefix() + "/*/ack");
        }
        return lacking.isEmpty()
                ? Optional.empty()
                : Optional.of(file + " was edited, and stays as it is. It does not allow "
                        + String.join(" and ", lacking)
                        + ", which every gateway needs: allow it, or delete the file to have it made anew");
    }

    /** Whether a text is, as JSON, one of those that are made here. */
    static boolean isOneOf(Collection<String> made, String text) {
        try {
            JsonNode found = Json.mapper().readTree(text);
            for (String one : made) {
                if (Json.mapper().readTree(one).equals(found)) {
                    return true;
                }
            }
            return false;
        } catch (JsonProcessingException | IllegalArgumentException | ArithmeticException edited) {
            return false;
        }
    }
}
