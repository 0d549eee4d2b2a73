package dev.roundtrip.things;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntConsumer;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.CertificateStatus;
import software.amazon.awssdk.services.iot.model.DeleteConflictException;
import software.amazon.awssdk.services.iot.model.InvalidRequestException;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;

/** Deletes what a directory made and nothing else, in the order of AWS's ELF: detach the policy, delete it, make the
 * certificate inactive, detach the thing, delete the certificate, delete the thing. A record goes after what it is
 * about, so a run that was stopped anywhere is completed by the next one. What cannot be deleted does not stop the
 * rest.
 */
final class Cleaning {
    /** Detaching is done some time after it is answered; our choice. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));

    private final IotClient iot;
    private final ThingsDirectory directory;
    private final Pause pause;
    private final DirectoryRecord common;
    private final Map<Kind, Integer> deleted = new EnumMap<>(Kind.class);
    private final List<String> failures = new ArrayList<>();

    /** @param directory locked by the caller, of the account and region of the client */
    Cleaning(IotClient iot, ThingsDirectory directory, DirectoryRecord common, Pause pause) {
        this.iot = iot;
        this.directory = directory;
        this.common = common;
        this.pause = pause;
    }

    /** What became of it.
     *
     * @param deleted how many of each kind
     * @param failures what could not be deleted and why, one sentence each
     */
    record Report(Map<Kind, Integer> deleted, List<String> failures) {
        int deleted(Kind kind) {
            return deleted.getOrDefault(kind, 0);
        }
    }

    /** Deletes what is of these kinds.
     *
     * @param progress hears how many things are through
     * @throws ThingsException when the cloud cannot be reached, or the directory cannot be changed
     */
    Report clean(Set<Kind> kinds, IntConsumer progress) throws ThingsException, InterruptedException {
        try {
            List<ThingRecord> things = incomplete();
            Others others = others(kinds, things);
            deletePolicy(kinds, things);
            for (int i = 0; i < things.size(); i++) {
                clean(kinds, things.get(i), others);
                progress.accept(i + 1);
            }
        } catch (SdkException unreachable) {
            throw new ThingsException(
                    Advice.of(unreachable) + "; then run bin/things clean again: it goes on where this one stopped",
                    unreachable);
        }
        forget(directory);
        return new Report(deleted, failures);
    }

    /** Forgets a directory that has nothing to delete.
     *
     * @param directory locked by the caller
     */
    static void forget(ThingsDirectory directory) throws ThingsException {
        if (directory.things().isEmpty()
                && directory.common().map(record -> !record.isPolicyRequested()).orElse(true)) {
            directory.deleteAll();
        }
    }

    /** All things, which need {@code create} again before they can connect: that is recorded first. */
    private List<ThingRecord> incomplete() throws ThingsException {
        List<ThingRecord> things = new ArrayList<>();
        for (ThingRecord thing : directory.things()) {
            ThingRecord incomplete = thing.complete(false);
            if (thing.isComplete()) {
                directory.write(incomplete);
            }
            things.add(incomplete);
        }
        return things;
    }

    /** Certificates that stopped runs asked for, beside those whose ids are recorded.
     *
     * @param found by their keys
     * @param isComplete whether there are no further ones
     */
    private record Others(Map<String, List<CertificateSearch.Found>> found, boolean isComplete) {}

    private Others others(Set<Kind> kinds, List<ThingRecord> things) throws ThingsException {
        if (!kinds.contains(Kind.CERTIFICATES)) {
            return new Others(Map.of(), true);
        }
        List<CertificateRecord> open = new ArrayList<>();
        for (ThingRecord thing : things) {
            CertificateRecord certificate = thing.certificate();
            if (certificate != null && certificate.mayHaveOthers()) {
                open.add(certificate);
            }
        }
        try {
            return new Others(new CertificateSearch(iot).find(open), true);
        } catch (AwsServiceException refused) {
            failures.add("certificates that a stopped run asked for cannot be looked for: " + Advice.of(refused));
            return new Others(Map.of(), false);
        }
    }

    /** Deletes the certificate of a thing whose deletion was begun by a run that was stopped.
     *
     * @return the thing without certificate, as it is recorded
     * @throws ThingsException when it cannot be deleted
     */
    ThingRecord withoutRetired(ThingRecord thing) throws ThingsException, InterruptedException {
        List<ThingRecord> one = List.of(thing);
        detachPolicy(one);
        ThingRecord left = deleteCertificates(thing, others(Set.of(Kind.CERTIFICATES), one));
        if (left.certificate() != null) {
            throw new ThingsException(String.join("; ", failures) + ": run bin/things clean again");
        }
        return left;
    }

    private void deletePolicy(Set<Kind> kinds, List<ThingRecord> things) throws ThingsException, InterruptedException {
        if (kinds.contains(Kind.POLICY) || kinds.contains(Kind.CERTIFICATES)) {
            detachPolicy(things);
        }
        if (kinds.contains(Kind.POLICY)) {
            boolean isGone = attempt("policy " + common.policyName() + " is not deleted", () -> {
                iot.deletePolicy(request -> request.policyName(common.policyName()));
                count(Kind.POLICY);
            });
            if (isGone) {
                directory.write(common.withPolicy(false));
            }
        }
    }

    private void detachPolicy(List<ThingRecord> things) throws InterruptedException {
        for (ThingRecord thing : things) {
            String id = thing.certificateId();
            if (id != null) {
                String certificate = common.where().arn("cert/" + id);
                var unused = attempt(
                        "the policy of " + thing.name() + " is not detached",
                        () -> iot.detachPolicy(request ->
                                request.policyName(common.policyName()).target(certificate)));
            }
        }
    }

    private void clean(Set<Kind> kinds, ThingRecord thing, Others others) throws ThingsException, InterruptedException {
        ThingRecord left = thing;
        String id = thing.certificateId();
        if (kinds.contains(Kind.CERTIFICATES)) {
            left = deleteCertificates(thing, others);
        } else if (kinds.contains(Kind.THINGS) && id != null) {
            var unused = detach(thing, id);
        }
        if (kinds.contains(Kind.THINGS) && thing.isRequested() && deleteThing(thing)) {
            left = left.requested(false);
            directory.write(left);
        }
        if (left.isNothing()) {
            directory.delete(thing.name());
        }
    }

    /** @return the thing without certificate where all are deleted, as it is recorded */
    private ThingRecord deleteCertificates(ThingRecord thing, Others others)
            throws ThingsException, InterruptedException {
        CertificateRecord certificate = thing.certificate();
        if (certificate == null) {
            return thing;
        }
        ThingRecord retired = thing.with(certificate.retired());
        if (!certificate.isRetired()) {
            directory.write(retired);
        }
        Set<String> ids = new LinkedHashSet<>();
        if (certificate.id() != null) {
            ids.add(certificate.id());
        }
        others.found().getOrDefault(certificate.publicKey(), List.of()).forEach(found -> ids.add(found.id()));
        boolean isGone = others.isComplete() || !certificate.mayHaveOthers();
        for (String id : ids) {
            isGone &= deleteCertificate(thing, id);
        }
        if (!isGone) {
            return retired;
        }
        ThingRecord without = thing.with(null);
        directory.write(without);
        directory.deleteIdentity(thing.name());
        return without;
    }

    private boolean deleteCertificate(ThingRecord thing, String id) throws InterruptedException {
        String what = "the certificate of " + thing.name() + ", " + id + ", is not deleted";
        return attempt(
                        what,
                        () -> iot.updateCertificate(
                                request -> request.certificateId(id).newStatus(CertificateStatus.INACTIVE)))
                && detach(thing, id)
                && attempt(what, () -> {
                    iot.deleteCertificate(request -> request.certificateId(id));
                    count(Kind.CERTIFICATES);
                });
    }

    private boolean detach(ThingRecord thing, String id) throws InterruptedException {
        String name = thing.name().value();
        return attempt("the certificate of " + name + " is not detached", () -> {
            try {
                iot.detachThingPrincipal(request ->
                        request.thingName(name).principal(common.where().arn("cert/" + id)));
            } catch (InvalidRequestException notAttached) {
                // If it is attached nevertheless, the certificate cannot be deleted, and that is told.
            }
        });
    }

    /** A thing of this name that somebody else made is not ours to delete. */
    private boolean deleteThing(ThingRecord thing) throws InterruptedException {
        String name = thing.name().value();
        return attempt("thing " + name + " is not deleted", () -> {
            OptionalLong version = ThingOwner.versionOfOurs(iot, name, common);
            if (version.isPresent()) {
                iot.deleteThing(request -> request.thingName(name).expectedVersion(version.getAsLong()));
                count(Kind.THINGS);
            }
        });
    }

    private void count(Kind kind) {
        deleted.merge(kind, 1, Integer::sum);
    }

    /** Does it, some times where something is still attached.
     *
     * @return whether it is done; what is not there is done
     */
    private boolean attempt(String failure, Runnable work) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                work.run();
                return true;
            } catch (ResourceNotFoundException gone) {
                return true;
            } catch (DeleteConflictException | InvalidRequestException attached) {
                if (attempt == PAUSES.size()) {
                    failures.add(failure + ": " + Advice.of(attached));
                    return false;
                }
                pause.of(PAUSES.get(attempt));
            } catch (AwsServiceException refused) {
                failures.add(failure + ": " + Advice.of(refused));
                return false;
            }
        }
    }
}
