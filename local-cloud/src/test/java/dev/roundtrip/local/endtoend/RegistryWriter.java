package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.SigningRequest;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import javax.security.auth.x500.X500Principal;
import software.amazon.awssdk.services.iot.model.AttributePayload;
import software.amazon.awssdk.services.iot.model.CertificateStatus;
import software.amazon.awssdk.services.iot.model.GroupNameAndArn;
import software.amazon.awssdk.services.iot.model.PolicyVersion;
import software.amazon.awssdk.services.iot.model.Tag;

/** Makes, changes, joins and deletes things, certificates, policies and thing groups.
 *
 * <p>Names of what is there: {@code thing T}, {@code certificate C}, {@code policy P}, {@code group G}, {@code member G
 * T}, {@code tag G KEY}, {@code principal T C}, {@code attached P C} and {@code attached P G}.
 */
final class RegistryWriter implements KillableWriter {
    private static final String ARN = "arn:aws:iot:eu-central-1:000000000000:";
    private static final int MAX_VERSIONS = 5;
    private static final KeyPair KEYS = keys();

    private final String prefix;
    private final Front front;

    /** Of certificates by their common names. */
    private final Map<String, String> ids = new HashMap<>();

    RegistryWriter(String prefix, Front front) {
        this.prefix = prefix;
        this.front = front;
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String any(Random random, String kind, int most) {
        return prefix + "-" + kind + random.nextInt(most);
    }

    @Override
    public Write next(Map<String, String> known, Random random) {
        String thing = any(random, "t", 3);
        String certificate = any(random, "c", 3);
        String policy = any(random, "p", 3);
        String group = any(random, "g", 2);
        Map<String, String> after = new TreeMap<>(known);
        return switch (random.nextInt(9)) {
            case 0 -> thing(thing, after, random);
            case 1 -> certificate(certificate, after, random);
            case 2 -> policy(policy, after, random);
            case 3 -> group(group, after, random);
            case 4 ->
                known.containsKey("thing " + thing) && known.containsKey("group " + group)
                        ? member(group, thing, after)
                        : thing(thing, after, random);
            case 5 -> known.containsKey("group " + group) ? tag(group, after, random) : group(group, after, random);
            case 6 ->
                known.containsKey("thing " + thing) && known.containsKey("certificate " + certificate)
                        ? principal(thing, certificate, after)
                        : certificate(certificate, after, random);
            case 7 ->
                known.containsKey("policy " + policy) && known.containsKey("certificate " + certificate)
                        ? attached(policy, certificate, arn(certificate), after)
                        : policy(policy, after, random);
            default ->
                known.containsKey("policy " + policy) && known.containsKey("group " + group)
                        ? attached(policy, group, ARN + "thinggroup/" + group, after)
                        : group(group, after, random);
        };
    }

    private String arn(String certificate) {
        return ARN + "cert/" + ids.get(certificate);
    }

    private static boolean isAny(Map<String, String> known, String pattern) {
        return known.keySet().stream().anyMatch(name -> name.matches(pattern));
    }

    private Write thing(String name, Map<String, String> after, Random random) {
        String before = after.get("thing " + name);
        String value = String.valueOf(random.nextInt(1_000_000));
        AttributePayload attributes =
                AttributePayload.builder().attributes(Map.of("value", value)).build();
        if (before == null) {
            after.put("thing " + name, value);
            return new Write(
                    "create thing " + name,
                    after,
                    () -> front.iot()
                            .createThing(request -> request.thingName(name).attributePayload(attributes)));
        }
        if (random.nextBoolean() && !isAny(after, "principal " + name + " .*")) {
            after.remove("thing " + name);
            after.keySet().removeIf(key -> key.matches("member .* " + name));
            return new Write(
                    "delete thing " + name, after, () -> front.iot().deleteThing(request -> request.thingName(name)));
        }
        after.put("thing " + name, value);
        return new Write(
                "update thing " + name,
                after,
                () -> front.iot().updateThing(request -> request.thingName(name).attributePayload(attributes)));
    }

    private Write certificate(String name, Map<String, String> after, Random random) {
        String key = "certificate " + name;
        String status = after.get(key);
        if (status == null) {
            after.put(key, "ACTIVE");
            return new Write("create certificate " + name, after, () -> {
                var made = front.iot()
                        .createCertificateFromCsr(request -> request.setAsActive(true)
                                .certificateSigningRequest(SigningRequest.of(new X500Principal("CN=" + name), KEYS)));
                ids.put(name, made.certificateId());
            });
        }
        String id = ids.get(name);
        if (status.equals("INACTIVE")
                && random.nextBoolean()
                && !isAny(after, "principal .* " + name + "|attached .* " + name)) {
            after.remove(key);
            return new Write(
                    "delete certificate " + name,
                    after,
                    () -> front.iot().deleteCertificate(request -> request.certificateId(id)));
        }
        CertificateStatus other = status.equals("ACTIVE") ? CertificateStatus.INACTIVE : CertificateStatus.ACTIVE;
        after.put(key, other.toString());
        return new Write(
                "update certificate " + name,
                after,
                () -> front.iot()
                        .updateCertificate(request -> request.certificateId(id).newStatus(other)));
    }

    private static String document(int number) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iot:Publish\","
                + "\"Resource\":\"arn:aws:iot:*:*:topic/" + number + "\"}]}";
    }

    /** A policy is its versions, as in {@code 3=document *4=document}; the star is before the one that counts. */
    private Write policy(String name, Map<String, String> after, Random random) {
        String key = "policy " + name;
        String before = after.get(key);
        int number = random.nextInt(1_000_000);
        if (before == null) {
            after.put(key, "*1=" + document(number));
            return new Write(
                    "create policy " + name,
                    after,
                    () -> front.iot()
                            .createPolicy(request -> request.policyName(name).policyDocument(document(number))));
        }
        List<String> versions = new ArrayList<>(List.of(before.split(" ")));
        if (versions.size() == 1 && random.nextBoolean() && !isAny(after, "attached " + name + " .*")) {
            after.remove(key);
            return new Write(
                    "delete policy " + name,
                    after,
                    () -> front.iot().deletePolicy(request -> request.policyName(name)));
        }
        boolean some = versions.size() > 1 && random.nextBoolean();
        if (versions.size() == MAX_VERSIONS || some) {
            String first = versions.stream()
                    .filter(version -> !version.startsWith("*"))
                    .findFirst()
                    .orElseThrow();
            String id = first.replaceFirst("=.*", "");
            versions.remove(first);
            after.put(key, String.join(" ", versions));
            return new Write(
                    "delete version " + id + " of " + name,
                    after,
                    () -> front.iot()
                            .deletePolicyVersion(
                                    request -> request.policyName(name).policyVersionId(id)));
        }
        // Numbers go on behind the last one, which counts and therefore was never deleted.
        int next = Integer.parseInt(versions.getLast().replaceFirst("^\\*", "").replaceFirst("=.*", "")) + 1;
        versions.replaceAll(version -> version.replaceFirst("^\\*", ""));
        versions.add("*" + next + "=" + document(number));
        after.put(key, String.join(" ", versions));
        return new Write(
                "create version of " + name,
                after,
                () -> front.iot()
                        .createPolicyVersion(request ->
                                request.policyName(name).setAsDefault(true).policyDocument(document(number))));
    }

    private Write group(String name, Map<String, String> after, Random random) {
        String before = after.get("group " + name);
        String value = String.valueOf(random.nextInt(1_000_000));
        if (before == null) {
            after.put("group " + name, value);
            after.put("tag " + name + " made", value);
            return new Write(
                    "create group " + name,
                    after,
                    () -> front.iot()
                            .createThingGroup(request -> request.thingGroupName(name)
                                    .thingGroupProperties(properties -> properties.thingGroupDescription(value))
                                    .tags(Tag.builder().key("made").value(value).build())));
        }
        if (random.nextInt(3) == 0) {
            after.keySet()
                    .removeIf(key -> key.equals("group " + name)
                            || key.matches("(member|tag) " + name + " .*|attached .* " + name));
            return new Write(
                    "delete group " + name,
                    after,
                    () -> front.iot().deleteThingGroup(request -> request.thingGroupName(name)));
        }
        after.put("group " + name, value);
        return new Write(
                "update group " + name,
                after,
                () -> front.iot()
                        .updateThingGroup(request -> request.thingGroupName(name)
                                .thingGroupProperties(properties -> properties.thingGroupDescription(value))));
    }

    private Write member(String group, String thing, Map<String, String> after) {
        String key = "member " + group + " " + thing;
        if (after.remove(key) != null) {
            return new Write(
                    "remove " + key,
                    after,
                    () -> front.iot()
                            .removeThingFromThingGroup(
                                    request -> request.thingGroupName(group).thingName(thing)));
        }
        after.put(key, "");
        return new Write(
                "add " + key,
                after,
                () -> front.iot()
                        .addThingToThingGroup(
                                request -> request.thingGroupName(group).thingName(thing)));
    }

    private Write tag(String group, Map<String, String> after, Random random) {
        String tag = "k" + random.nextInt(3);
        String arn = ARN + "thinggroup/" + group;
        String key = "tag " + group + " " + tag;
        if (after.remove(key) != null) {
            return new Write(
                    "untag " + key,
                    after,
                    () -> front.iot()
                            .untagResource(request -> request.resourceArn(arn).tagKeys(tag)));
        }
        after.put(key, "v");
        return new Write(
                "put " + key,
                after,
                () -> front.iot()
                        .tagResource(request -> request.resourceArn(arn)
                                .tags(Tag.builder().key(tag).value("v").build())));
    }

    private Write principal(String thing, String certificate, Map<String, String> after) {
        String key = "principal " + thing + " " + certificate;
        String arn = arn(certificate);
        if (after.remove(key) != null) {
            return new Write(
                    "detach " + key,
                    after,
                    () -> front.iot()
                            .detachThingPrincipal(
                                    request -> request.thingName(thing).principal(arn)));
        }
        after.put(key, "");
        return new Write(
                "attach " + key,
                after,
                () -> front.iot()
                        .attachThingPrincipal(
                                request -> request.thingName(thing).principal(arn)));
    }

    private Write attached(String policy, String to, String arn, Map<String, String> after) {
        String key = "attached " + policy + " " + to;
        if (after.remove(key) != null) {
            return new Write(
                    "detach " + key,
                    after,
                    () -> front.iot()
                            .detachPolicy(request -> request.policyName(policy).target(arn)));
        }
        after.put(key, "");
        return new Write(
                "attach " + key,
                after,
                () -> front.iot()
                        .attachPolicy(request -> request.policyName(policy).target(arn)));
    }

    /** Reads relations from both ends, which must say the same, and name nothing that is not there. */
    @Override
    public Map<String, String> read() {
        Map<String, String> found = new TreeMap<>();
        Map<String, String> names = readCertificates(found);
        List<String> things = new ArrayList<>();
        front.iot().listThings(request -> request.maxResults(250)).things().stream()
                .filter(thing -> thing.thingName().startsWith(prefix + "-"))
                .forEach(thing -> {
                    things.add(thing.thingName());
                    found.put("thing " + thing.thingName(), thing.attributes().getOrDefault("value", ""));
                });
        List<String> groups =
                front.iot().listThingGroups(request -> request.namePrefixFilter(prefix + "-")).thingGroups().stream()
                        .map(GroupNameAndArn::groupName)
                        .toList();
        groups.forEach(group -> readGroup(group, found));
        readPolicies(found, names);
        Set<String> other = new HashSet<>();
        for (String thing : things) {
            front.iot()
                    .listThingPrincipals(request -> request.thingName(thing))
                    .principals()
                    .forEach(arn -> other.add("principal " + thing + " " + names.get(arn)));
            front.iot()
                    .listThingGroupsForThing(request -> request.thingName(thing))
                    .thingGroups()
                    .forEach(group -> other.add("member " + group.groupName() + " " + thing));
        }
        names.forEach((arn, name) -> front.iot()
                .listAttachedPolicies(request -> request.target(arn))
                .policies()
                .forEach(policy -> other.add("attached " + policy.policyName() + " " + name)));
        groups.forEach(group -> front.iot()
                .listAttachedPolicies(request -> request.target(ARN + "thinggroup/" + group))
                .policies()
                .forEach(policy -> other.add("attached " + policy.policyName() + " " + group)));
        assertThat(other)
                .as("relations from their other ends")
                .containsExactlyInAnyOrderElementsOf(found.keySet().stream()
                        .filter(key -> key.matches("(principal|member|attached) .*"))
                        .toList());
        return found;
    }

    /** @return the names of this writer's certificates by ARN */
    private Map<String, String> readCertificates(Map<String, String> found) {
        Map<String, String> names = new HashMap<>();
        ids.clear();
        front.iot()
                .listCertificates(request -> request.pageSize(250))
                .certificates()
                .forEach(certificate -> {
                    String id = certificate.certificateId();
                    String pem = front.iot()
                            .describeCertificate(request -> request.certificateId(id))
                            .certificateDescription()
                            .certificatePem();
                    String name = Pem.certificate(pem)
                            .orElseThrow()
                            .getSubjectX500Principal()
                            .getName()
                            .replaceFirst("CN=", "");
                    if (name.startsWith(prefix + "-")) {
                        assertThat(ids.put(name, id))
                                .as("a second certificate of " + name)
                                .isNull();
                        names.put(certificate.certificateArn(), name);
                        found.put("certificate " + name, certificate.statusAsString());
                        front.iot()
                                .listPrincipalThings(request -> request.principal(certificate.certificateArn()))
                                .things()
                                .forEach(thing -> found.put("principal " + thing + " " + name, ""));
                    }
                });
        return names;
    }

    private void readGroup(String group, Map<String, String> found) {
        found.put(
                "group " + group,
                front.iot()
                        .describeThingGroup(request -> request.thingGroupName(group))
                        .thingGroupProperties()
                        .thingGroupDescription());
        front.iot()
                .listThingsInThingGroup(request -> request.thingGroupName(group))
                .things()
                .forEach(thing -> found.put("member " + group + " " + thing, ""));
        front.iot()
                .listTagsForResource(request -> request.resourceArn(ARN + "thinggroup/" + group))
                .tags()
                .forEach(tag -> found.put("tag " + group + " " + tag.key(), tag.value()));
    }

    private void readPolicies(Map<String, String> found, Map<String, String> names) {
        front.iot().listPolicies(request -> request.pageSize(250)).policies().stream()
                .map(policy -> policy.policyName())
                .filter(name -> name.startsWith(prefix + "-"))
                .forEach(name -> {
                    List<String> versions = new ArrayList<>();
                    front.iot().listPolicyVersions(request -> request.policyName(name)).policyVersions().stream()
                            .sorted(java.util.Comparator.comparingInt(
                                    (PolicyVersion version) -> Integer.parseInt(version.versionId())))
                            .forEach(version ->
                                    versions.add((version.isDefaultVersion() ? "*" : "") + version.versionId()
                                            + "="
                                            + front.iot()
                                                    .getPolicyVersion(request -> request.policyName(name)
                                                            .policyVersionId(version.versionId()))
                                                    .policyDocument()));
                    found.put("policy " + name, String.join(" ", versions));
                    front.iot()
                            .listTargetsForPolicy(request -> request.policyName(name))
                            .targets()
                            .forEach(arn -> found.put(
                                    "attached " + name + " "
                                            + names.getOrDefault(arn, arn.replaceFirst(".*:thinggroup/", "")),
                                    ""));
                });
    }
}
