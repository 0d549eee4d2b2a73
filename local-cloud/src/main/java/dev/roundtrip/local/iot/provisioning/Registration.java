package dev.roundtrip.local.iot.provisioning;

import dev.roundtrip.local.http.ErrorType;
import dev.roundtrip.local.http.operation.Refusal;
import dev.roundtrip.local.iot.group.Memberships;
import dev.roundtrip.local.iot.provisioning.TemplateResource.OverrideSetting;
import dev.roundtrip.local.iot.provisioning.Wanted.WantedCertificate;
import dev.roundtrip.local.iot.provisioning.Wanted.WantedPolicy;
import dev.roundtrip.local.iot.provisioning.Wanted.WantedThing;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.RegisteredCertificate;
import dev.roundtrip.local.iot.registry.RegisteredThing;
import dev.roundtrip.local.iot.registry.RegistryException;
import dev.roundtrip.local.iot.registry.RegistryTransaction;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Brings what a template asks for into the registry, in one transaction. Used by one thread. */
final class Registration {
    private final RegistryTransaction change;
    private final Account account;
    private final Map<String, String> arns = new TreeMap<>();

    private Registration(RegistryTransaction change, Account account) {
        this.change = change;
        this.account = account;
    }

    /** Registers all that is wanted.
     *
     * @param certificateId the wanted certificate, which is there; empty for none
     * @return ARNs by logical name
     * @throws ProvisioningRefusal when the registry refuses a part; the caller's transaction must end then
     */
    static Map<String, String> register(
            RegistryTransaction change, Account account, Wanted wanted, String certificateId)
            throws ProvisioningRefusal {
        Registration registration = new Registration(change, account);
        try {
            WantedThing thing = wanted.thing();
            if (thing != null) {
                registration.thing(thing);
            }
            WantedCertificate certificate = wanted.certificate();
            if (certificate != null) {
                registration.certificate(certificate, certificateId, thing, wanted.policies());
            }
        } catch (RegistryException refused) {
            throw refusal(refused.reason() == RegistryException.Reason.RESOURCE_NOT_FOUND, refused);
        } catch (Refusal refused) {
            throw refusal(refused.type() == ErrorType.RESOURCE_NOT_FOUND, refused);
        }
        return registration.arns;
    }

    private static ProvisioningRefusal refusal(boolean isMissing, Exception refused) {
        return new ProvisioningRefusal(
                isMissing ? ProvisioningError.RESOURCE_NOT_FOUND : ProvisioningError.REGISTRATION_FAILED,
                String.valueOf(refused.getMessage()));
    }

    private void thing(WantedThing wanted) throws RegistryException, Refusal, ProvisioningRefusal {
        String name = wanted.name();
        RegisteredThing before = change.thing(name).orElse(null);
        String type = wanted.type();
        Map<String, String> attributes = wanted.attributes();
        if (before == null) {
            change.createThing(name, type == null ? "" : type, attributes == null ? Map.of() : attributes);
        } else {
            change.changeThing(before, type(before, wanted), attributes(before, wanted));
        }
        List<String> groups = wanted.groups();
        if (groups != null) {
            groups(before != null, wanted, groups);
        }
        arns.put(wanted.logicalName(), account.thingArn(name));
    }

    private static ProvisioningRefusal conflict(String name, String property) {
        return new ProvisioningRefusal(
                ProvisioningError.RESOURCE_CONFLICTS,
                "Thing " + name + " is there with another " + property
                        + ", and OverrideSettings does not let the template change it");
    }

    private static String type(RegisteredThing before, WantedThing wanted) throws ProvisioningRefusal {
        String type = wanted.type();
        if (type == null || type.equals(before.typeName())) {
            return before.typeName();
        }
        return switch (wanted.overrides().type()) {
            case DO_NOTHING -> before.typeName();
            case REPLACE, MERGE -> type;
            case FAIL -> throw conflict(before.name(), "thing type");
        };
    }

    private static Map<String, String> attributes(RegisteredThing before, WantedThing wanted)
            throws ProvisioningRefusal {
        Map<String, String> attributes = wanted.attributes();
        if (attributes == null || attributes.equals(before.attributes())) {
            return before.attributes();
        }
        return switch (wanted.overrides().attributes()) {
            case DO_NOTHING -> before.attributes();
            case REPLACE -> attributes;
            case MERGE -> {
                Map<String, String> merged = new TreeMap<>(before.attributes());
                merged.putAll(attributes);
                yield merged;
            }
            case FAIL -> throw conflict(before.name(), "attributes");
        };
    }

    private void groups(boolean wasThere, WantedThing wanted, List<String> groups) throws Refusal, ProvisioningRefusal {
        String thing = wanted.name();
        Set<String> before = new HashSet<>(Memberships.groupsOf(change.rows(), thing));
        OverrideSetting override = wasThere ? wanted.overrides().groups() : OverrideSetting.MERGE;
        if (override == OverrideSetting.DO_NOTHING || before.equals(Set.copyOf(groups))) {
            return;
        }
        if (override == OverrideSetting.FAIL) {
            throw conflict(thing, "thing groups");
        }
        if (override == OverrideSetting.REPLACE) {
            for (String group : before) {
                if (!groups.contains(group)) {
                    Memberships.remove(change.rows(), group, thing);
                }
            }
        }
        for (String group : groups) {
            Memberships.add(change.rows(), group, thing);
        }
        change.groupsChanged(thing);
    }

    private void certificate(
            WantedCertificate wanted, String id, @Nullable WantedThing thing, List<WantedPolicy> policies)
            throws RegistryException, ProvisioningRefusal {
        RegisteredCertificate certificate = change.certificate(id)
                .orElseThrow(() -> new ProvisioningRefusal(
                        ProvisioningError.RESOURCE_NOT_FOUND, "the certificate " + id + " does not exist"));
        String arn = account.certificateArn(id);
        status(certificate, wanted);
        if (thing != null) {
            change.attachThing(thing.name(), arn, wanted.attachment());
        }
        for (WantedPolicy policy : policies) {
            if (!policy.document().isEmpty()) {
                change.ensurePolicy(policy.name(), policy.document());
            }
            change.attachPolicy(policy.name(), arn);
            arns.put(policy.logicalName(), account.policyArn(policy.name()));
        }
        arns.put(wanted.logicalName(), arn);
    }

    private void status(RegisteredCertificate certificate, WantedCertificate wanted)
            throws RegistryException, ProvisioningRefusal {
        boolean waits = switch (certificate.status()) {
            case PENDING_ACTIVATION -> true;
            case ACTIVE, INACTIVE, REVOKED -> false;
        };
        if (certificate.status() == wanted.status()) {
            return;
        }
        switch (waits ? OverrideSetting.REPLACE : wanted.statusOverride()) {
            case DO_NOTHING -> {}
            case REPLACE, MERGE -> change.setStatus(certificate.id(), wanted.status());
            case FAIL ->
                throw new ProvisioningRefusal(
                        ProvisioningError.RESOURCE_CONFLICTS,
                        "the certificate " + certificate.id() + " has the status " + certificate.status());
        }
    }
}
