package dev.roundtrip.things;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.iot.model.CreateCertificateFromCsrResponse;
import software.amazon.awssdk.services.iot.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.iot.model.ThingPrincipalType;

/** Makes things that can connect. Each part is recorded before it is made, and making it again changes nothing: a run
 * that was stopped anywhere is completed by the next one.
 */
final class Creation {
    /** The attribute of a thing that says which directory made it. */
    static final String MADE_BY = "roundtrip-things";

    private static final int ID_BYTES = 8;
    private static final String NEXT = "; then run the same command again: it goes on where this one stopped";

    private final Cloud cloud;
    private final ThingsDirectory directory;
    private final InstantSource clock;
    private final Pause pause;
    private boolean isPolicyMade;

    /** @param directory locked by the caller */
    Creation(Cloud cloud, ThingsDirectory directory, InstantSource clock, Pause pause) {
        this.cloud = cloud;
        this.directory = directory;
        this.clock = clock;
        this.pause = pause;
    }

    /** The record of the directory, for this account and region.
     *
     * @param topic for a new directory; null for the default, and for the one that the directory has
     * @throws ThingsException when the directory is of another account, region or topic
     */
    DirectoryRecord open(@Nullable TopicRoot topic) throws ThingsException {
        Optional<DirectoryRecord> known = directory.common();
        if (known.isEmpty()) {
            byte[] id = new byte[ID_BYTES];
            new SecureRandom().nextBytes(id);
            DirectoryRecord made = new DirectoryRecord(
                    HexFormat.of().formatHex(id),
                    cloud.accountRegion(),
                    topic == null ? new TopicRoot(TopicRoot.DEFAULT) : topic,
                    false);
            directory.write(made);
            return made;
        }
        DirectoryRecord record = known.get();
        requireSame(record, cloud, directory);
        if (topic != null && !topic.equals(record.topic())) {
            throw new ThingsException("the things of " + directory.root() + " have the topic " + record.topic()
                    + ": leave --topic out, or use --directory for others");
        }
        return record;
    }

    /** @throws ThingsException when the things of the directory are in another account or region */
    static void requireSame(DirectoryRecord record, Cloud cloud, ThingsDirectory directory) throws ThingsException {
        AccountRegion now = cloud.accountRegion();
        if (!now.equals(record.where())) {
            throw new ThingsException("the things of " + directory.root() + " are in " + record.where()
                    + ", but the credentials and the region are of " + now
                    + ": use those of the things, or another --directory");
        }
    }

    /** Makes what is missing of these things, one after the other.
     *
     * @param things those that are complete stay as they are
     * @param progress hears how many are complete
     * @return how many were not complete before
     * @throws ThingsException when one cannot be made
     */
    int make(List<ThingRecord> things, IntConsumer progress) throws ThingsException, InterruptedException {
        Map<String, List<CertificateSearch.Found>> earlier = findEarlier(things);
        int made = 0;
        for (int i = 0; i < things.size(); i++) {
            ThingRecord thing = things.get(i);
            if (!thing.isComplete()) {
                try {
                    make(thing, earlier);
                } catch (SdkException failed) {
                    throw new ThingsException(thing.name() + " cannot be made: " + Advice.of(failed) + NEXT, failed);
                }
                made++;
            }
            progress.accept(i + 1);
        }
        return made;
    }

    /** Certificates that a stopped run asked for. */
    private Map<String, List<CertificateSearch.Found>> findEarlier(List<ThingRecord> things) throws ThingsException {
        List<CertificateRecord> open = new ArrayList<>();
        for (ThingRecord thing : things) {
            CertificateRecord certificate = thing.certificate();
            if (certificate != null && certificate.id() == null && certificate.requests() > 0) {
                open.add(certificate);
            }
        }
        try {
            return new CertificateSearch(cloud.iot()).find(open);
        } catch (SdkException failed) {
            throw new ThingsException(
                    "cannot look for the certificate that an earlier run asked for: " + Advice.of(failed) + NEXT,
                    failed);
        }
    }

    private void make(ThingRecord planned, Map<String, List<CertificateSearch.Found>> earlier)
            throws ThingsException, InterruptedException {
        DirectoryRecord common =
                directory.common().orElseThrow(() -> new ThingsException(directory.root() + " was deleted meanwhile"));
        ThingRecord thing = planned;
        if (thing.certificate() != null && thing.certificate().isRetired()) {
            thing = new Cleaning(cloud.iot(), directory, common, pause).withoutRetired(thing);
        }
        if (!thing.isRequested()) {
            thing = kept(thing.requested(true));
        }
        createThing(thing, common);
        thing = withCertificate(thing, earlier);
        String id = String.valueOf(thing.certificateId());
        String certificate = common.where().arn("cert/" + id);
        createPolicy(common);
        String name = thing.name().value();
        cloud.iot()
                .attachPolicy(request -> request.policyName(common.policyName()).target(certificate));
        // An exclusive thing is known to policies whatever the client id.
        cloud.iot()
                .attachThingPrincipal(request -> request.thingName(name)
                        .principal(certificate)
                        .thingPrincipalType(ThingPrincipalType.EXCLUSIVE_THING));
        kept(thing.complete(true));
    }

    private ThingRecord kept(ThingRecord record) throws ThingsException {
        directory.write(record);
        return record;
    }

    /** The attribute makes the request the same again, and another's thing of this name a conflict. */
    private void createThing(ThingRecord thing, DirectoryRecord common) throws ThingsException {
        String name = thing.name().value();
        try {
            cloud.iot()
                    .createThing(request -> request.thingName(name)
                            .attributePayload(payload -> payload.attributes(Map.of(MADE_BY, common.id()))));
        } catch (ResourceAlreadyExistsException exists) {
            if (ThingOwner.isOurs(cloud.iot(), name, common)) {
                return;
            }
            ThingRecord without = thing.requested(false);
            if (without.isNothing()) {
                directory.delete(thing.name());
            } else {
                directory.write(without);
            }
            throw new ThingsException(
                    "there is a thing " + name + " that " + directory.root()
                            + " did not make, and it stays as it is: choose other names with --prefix",
                    exists);
        }
    }

    private ThingRecord withCertificate(ThingRecord thing, Map<String, List<CertificateSearch.Found>> earlier)
            throws ThingsException {
        CertificateRecord known = thing.certificate();
        if (known == null) {
            DeviceKey key = DeviceKey.generate();
            directory.writeKey(thing.name(), key.privatePem());
            known = CertificateRecord.of(key.publicText());
            thing = kept(thing.with(known));
        }
        if (known.id() != null) {
            return thing;
        }
        List<CertificateSearch.Found> found = earlier.getOrDefault(known.publicKey(), List.of());
        if (!found.isEmpty()) {
            return adopt(thing, known, found.getFirst());
        }
        DeviceKey key = key(thing, known);
        CertificateRecord asked = known.requested(clock.instant());
        ThingRecord asking = kept(thing.with(asked));
        CreateCertificateFromCsrResponse made = cloud.once()
                .createCertificateFromCsr(request -> request.setAsActive(true)
                        .certificateSigningRequest(
                                key.signingRequest(asking.name().value())));
        return adopt(asking, asked, new CertificateSearch.Found(made.certificateId(), made.certificatePem()));
    }

    private DeviceKey key(ThingRecord thing, CertificateRecord known) throws ThingsException {
        try {
            return DeviceKey.of(directory.key(thing.name()), known.publicKey());
        } catch (IllegalArgumentException damaged) {
            throw new ThingsException(
                    "the private key of " + thing.name() + " is damaged, " + damaged.getMessage()
                            + ": run bin/things clean --only certificates, then bin/things create again",
                    damaged);
        }
    }

    /** The file comes before the record: who finds the id recorded, finds the file. */
    private ThingRecord adopt(ThingRecord thing, CertificateRecord asked, CertificateSearch.Found certificate)
            throws ThingsException {
        directory.writeCertificate(thing.name(), certificate.pem());
        return kept(thing.with(asked.made(certificate.id())));
    }

    /** A policy of this name is ours: no other directory has the id. */
    private void createPolicy(DirectoryRecord common) throws ThingsException {
        if (isPolicyMade) {
            return;
        }
        if (!common.isPolicyRequested()) {
            directory.write(common.withPolicy(true));
        }
        try {
            cloud.iot()
                    .createPolicy(request ->
                            request.policyName(common.policyName()).policyDocument(ThingsPolicy.document(common)));
        } catch (ResourceAlreadyExistsException made) {
            // By an earlier run.
        }
        isPolicyMade = true;
    }
}
