package dev.roundtrip.local.app;

import dev.roundtrip.auth.policy.MalformedPolicyException;
import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyContext;
import dev.roundtrip.auth.policy.PolicyType;
import dev.roundtrip.local.iot.authorization.KnownPrincipals;
import dev.roundtrip.local.iot.authorization.NamedPolicy;
import dev.roundtrip.local.iot.certificate.CertificateVariables;
import dev.roundtrip.local.iot.registry.Attachment;
import dev.roundtrip.local.iot.registry.Attachments;
import dev.roundtrip.local.iot.registry.Attachments.Attached;
import dev.roundtrip.local.iot.registry.CertificateRegistry;
import dev.roundtrip.local.iot.registry.PolicyRegistry;
import dev.roundtrip.local.iot.registry.RegisteredThing;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.Registry.Page;
import dev.roundtrip.local.iot.registry.RegistryException;
import dev.roundtrip.local.iot.registry.ThingRegistry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The certificates of the registry with their policies and those of the groups of their things. Thread-safe. */
final class RegistryPolicies implements KnownPrincipals {
    private static final Page ALL = new Page("", 250);

    /** Nobody connects: a policy that asks for the address sees this one. */
    private static final String SOURCE = "127.0.0.1";

    private final Registry registry;
    private final CertificateRegistry certificates;
    private final Attachments attachments;
    private final PolicyRegistry policies;
    private final ThingRegistry things;

    RegistryPolicies(Registry registry) {
        this.registry = registry;
        this.certificates = new CertificateRegistry(registry);
        this.attachments = new Attachments(registry);
        this.policies = new PolicyRegistry(registry);
        this.things = new ThingRegistry(registry);
    }

    @Override
    public Optional<Known> find(String arn, String clientId) {
        String id = registry.account().certificateId(arn);
        if (id == null) {
            return Optional.empty();
        }
        try {
            PolicyContext context =
                    CertificateVariables.of(certificates.get(id).certificate()).with("aws:SourceIp", SOURCE);
            List<Attached> attached = attachments.things(arn, ALL).entries();
            Set<String> names =
                    new LinkedHashSet<>(attachments.policies(arn, ALL).entries());
            for (Attached thing : attached) {
                for (String group : registry.groupsOf(thing.name())) {
                    names.addAll(attachments.policies(group, ALL).entries());
                }
            }
            List<NamedPolicy> named = new ArrayList<>();
            for (String name : names) {
                named.add(named(name));
            }
            return Optional.of(new Known(named, connection(context, attached, clientId)));
        } catch (RegistryException missing) {
            return Optional.empty();
        }
    }

    /** What policies may know of a connection, as of one that is made. */
    private PolicyContext connection(PolicyContext known, List<Attached> attached, String clientId)
            throws RegistryException {
        PolicyContext context = clientId.isEmpty() ? known : known.with("iot:ClientId", clientId);
        Optional<Attached> thing = attached.stream()
                .filter(each -> each.attachment() == Attachment.EXCLUSIVE_THING
                        || each.name().equals(clientId))
                .findFirst();
        context = context.with("iot:Connection.Thing.IsAttached", Boolean.toString(thing.isPresent()));
        if (thing.isEmpty()) {
            return context;
        }
        RegisteredThing registered = things.get(thing.get().name());
        context = context.with("iot:Connection.Thing.ThingName", registered.name());
        if (!registered.typeName().isEmpty()) {
            context = context.with("iot:Connection.Thing.ThingTypeName", registered.typeName());
        }
        for (Map.Entry<String, String> attribute : registered.attributes().entrySet()) {
            context = context.with("iot:Connection.Thing.Attributes[" + attribute.getKey() + "]", attribute.getValue());
        }
        return context;
    }

    @Override
    public Optional<NamedPolicy> policy(String name) {
        try {
            return Optional.of(named(name));
        } catch (RegistryException missing) {
            return Optional.empty();
        }
    }

    private NamedPolicy named(String name) throws RegistryException {
        String document = policies.get(name).current().document();
        try {
            return new NamedPolicy(name, registry.account().policyArn(name), Policy.parse(PolicyType.IOT, document));
        } catch (MalformedPolicyException impossible) {
            throw new IllegalStateException("the registry has a policy that cannot be read: " + name, impossible);
        }
    }
}
