package dev.roundtrip.local.app;

import dev.roundtrip.auth.policy.MalformedPolicyException;
import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.auth.policy.PolicyType;
import dev.roundtrip.auth.principal.DeviceCertificate;
import dev.roundtrip.auth.principal.IamUser;
import dev.roundtrip.auth.principal.Principal;
import dev.roundtrip.auth.principal.Principals;
import dev.roundtrip.auth.sigv4.AccessKey;
import dev.roundtrip.auth.sigv4.AccessKeys;
import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.CertificatePrincipals;
import dev.roundtrip.local.iot.registry.GatewayRole;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.registry.ThingFileExchange;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.protocol.Target;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The principals of a state directory, in memory: read at the start, and again when a file changes. The files of
 * things are taken over into the registry, which says what certificates may do. Another local cloud may have the same
 * files and tables: what it changes counts here too. Thread-safe.
 *
 * <p>What a command of ours changes counts within a second, an edit by hand within five: a thread looks at the
 * directories every quarter of a second, and at every file as often as that takes a fiftieth of its time, at least
 * every four seconds. A user whose file cannot be read may do nothing, a thing stays as it was; that is told once.
 */
final class StatePrincipals implements AccessKeys, AutoCloseable {
    /** How often a change of our commands is looked for; our choice. */
    private static final Duration LOOK = Duration.ofMillis(250);

    /** How often every file is looked at, at least; our choice. */
    private static final Duration LOOK_AT_ALL = Duration.ofSeconds(4);

    /** How long the end waits for a look that is under way; our choice. */
    private static final Duration STOP = Duration.ofSeconds(5);

    /** Of the thread's time, what it may take to look at every file; our choice. */
    private static final int SHARE = 50;

    private static final String USER_ARN = "arn:aws:iam::" + Account.ID + ":user/";

    /** The user whose key is that of the state directory itself. */
    private static final String LOCAL_USER = "local";

    /** The session of the role that the function has. */
    private static final String FUNCTION = "roundtrip-invoke";

    private static final String MAY_DO_EVERYTHING = "{\"Version\":\"2012-10-17\",\"Statement\":"
            + "[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";

    private final StateDirectory state;
    private final GatewayRole role;
    private final Consumer<String> complaints;
    private final Principals principals = new Principals();
    private final Policy mayDoEverything;
    private final Registry registry;
    private final ThingFileExchange thingFiles;

    /** Of the function, new with each start. */
    private final Credentials functionKey = Credentials.random(new SecureRandom());

    /** Held by who reads files. */
    private final ReentrantLock reading = new ReentrantLock();

    /** What is known of each file or directory with a principal, by a name of ours; guarded by the lock. */
    private final Map<String, Known> known = new HashMap<>();

    private volatile String stamp = "";

    /** Why the directories could not be read the last time; told once. */
    private volatile String told = "";

    private final Thread watch = Thread.ofPlatform().name("state").daemon().unstarted(this::watch);

    /** @param principal null when it is not active, or could never be read */
    private record Known(String stamp, @Nullable Principal principal) {}

    private interface Reading {
        Optional<Principal> read() throws StateException;
    }

    private StatePrincipals(
            StateDirectory state,
            GatewayRole role,
            Registry registry,
            ThingFileExchange.Direction direction,
            Consumer<String> complaints) {
        this.state = state;
        this.role = role;
        this.complaints = complaints;
        this.registry = registry;
        this.thingFiles = state.thingFiles(registry, direction, complaints);
        CertificatePrincipals.keep(registry, principals);
        registry.listen(thingFiles);
        try {
            this.mayDoEverything = Policy.parse(PolicyType.IAM, MAY_DO_EVERYTHING);
        } catch (MalformedPolicyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Reads all principals, and goes on looking for changes until it is closed.
     *
     * @param role whose policy counts for the function's key
     * @param registry has the certificates; the files of things are taken over into it
     * @param direction whether what operations change goes into the files too
     * @param complaints told, in one line, of files that cannot be read
     * @throws StateException when the gateway's policy or a directory cannot be read
     */
    static StatePrincipals open(
            StateDirectory state,
            GatewayRole role,
            Registry registry,
            ThingFileExchange.Direction direction,
            Consumer<String> complaints)
            throws StateException {
        StatePrincipals opened = new StatePrincipals(state, role, registry, direction, complaints);
        // A damaged policy of the gateway stops the start instead of every connect.
        var unused = state.gatewayPolicies(role);
        opened.readAll();
        opened.watch.start();
        return opened;
    }

    /** Grows with every change; see {@link Principals#version}. */
    long version() {
        return principals.version();
    }

    /** The key of this id. Looks for changes first when the id is unknown: one look at two directories. */
    @Override
    public Optional<AccessKey> find(String accessKeyId) {
        Optional<AccessKey> found = principals.find(accessKeyId);
        if (found.isPresent()) {
            return found;
        }
        readChanges();
        return principals.find(accessKeyId);
    }

    /** What the function signs with; it may do what the gateway's policy allows. */
    Credentials functionKey() {
        return functionKey;
    }

    /** The user with a key. Never blocks. */
    Optional<IamUser> user(String accessKeyId) {
        return principals.user(accessKeyId);
    }

    /** An active certificate that is known already. Never blocks. */
    Optional<DeviceCertificate> certificate(String fingerprint) {
        return principals.certificate(fingerprint);
    }

    /** An active certificate that is not known yet: the files of the thing that it names are read. */
    Optional<DeviceCertificate> newCertificate(X509Certificate leaf) {
        try {
            Optional<Thing> thing = state.findByCertificate(leaf);
            if (thing.isPresent()) {
                Target name = thing.get().name();
                read(key(name), state.stamp(name), () -> takeOver(name));
            }
        } catch (StateException damaged) {
            complaints.accept(String.valueOf(damaged.getMessage()));
        }
        // Another local cloud with the same state directory may have taken the files over.
        registry.catchUp();
        return principals.certificate(CertificateId.of(leaf).value());
    }

    private void watch() {
        long nextLookAtAll = System.nanoTime();
        try {
            while (true) {
                Thread.sleep(LOOK);
                long begun = System.nanoTime();
                if (begun - nextLookAtAll >= 0) {
                    readAllOrTell();
                    long took = System.nanoTime() - begun;
                    nextLookAtAll = begun + Math.min(SHARE * took, LOOK_AT_ALL.toNanos());
                } else {
                    readChanges();
                }
            }
        } catch (InterruptedException closed) {
            // Nobody asks any more.
        }
    }

    /** Looks for changes: at two directories, and at files when something changed. */
    void readChanges() {
        if (state.stamp().equals(stamp)) {
            orTell(registry::catchUp);
        } else {
            readAllOrTell();
        }
    }

    /** Looks at every file. */
    void readAllOrTell() {
        orTell(this::readAll);
    }

    private interface Look {
        void look() throws StateException;
    }

    private void orTell(Look look) {
        try {
            look.look();
            told = "";
        } catch (StateException | RuntimeException unreadable) {
            String problem = String.valueOf(unreadable.getMessage());
            if (!problem.equals(told)) {
                told = problem;
                complaints.accept(problem);
            }
        }
    }

    private void readAll() throws StateException {
        reading.lock();
        try {
            // Before the files: what changes meanwhile is read again.
            String before = state.stamp();
            Set<String> present = new HashSet<>();
            Set<String> names = new HashSet<>();
            for (Target name : state.thingNames()) {
                present.add(key(name));
                read(key(name), state.stamp(name), () -> takeOver(name));
                names.add(name.value());
            }
            thingFiles.writeAgain();
            thingFiles.removeOthers(names);
            for (UserName name : state.callerNames()) {
                String key = "callers/" + name;
                present.add(key);
                read(key, state.stamp(name), () -> user(name));
            }
            present.add(LOCAL_USER);
            read(LOCAL_USER, before, () -> Optional.of(local()));
            present.add(FUNCTION);
            read(FUNCTION, before, () -> Optional.of(function()));
            for (String key : List.copyOf(known.keySet())) {
                if (!present.contains(key)) {
                    replace(key, "", null);
                    known.remove(key);
                }
            }
            registry.catchUp();
            stamp = before;
        } finally {
            reading.unlock();
        }
    }

    /** Reads a principal unless its files are as they were. */
    private void read(String key, String stampNow, Reading reader) {
        reading.lock();
        try {
            Known before = known.get(key);
            if (before != null && before.stamp.equals(stampNow)) {
                return;
            }
            try {
                replace(key, stampNow, reader.read().orElse(null));
            } catch (StateException damaged) {
                complaints.accept(String.valueOf(damaged.getMessage()));
                replace(key, stampNow, null);
            }
        } finally {
            reading.unlock();
        }
    }

    private void replace(String key, String stampNow, @Nullable Principal now) {
        Known before = known.put(key, new Known(stampNow, now));
        if (now != null) {
            principals.put(now);
        }
        // Whatever took the place of the old one under the same key or fingerprint stays.
        if (before != null && before.principal != null && !before.principal.equals(now)) {
            principals.remove(before.principal);
        }
    }

    private static String key(Target name) {
        return "things/" + name.value();
    }

    /** The registry makes the principal. */
    private Optional<Principal> takeOver(Target name) throws StateException {
        thingFiles.read(name);
        return Optional.empty();
    }

    /** Whose policy cannot be read is known, and may do nothing. */
    private Optional<Principal> user(UserName name) throws StateException {
        try {
            return state.findCaller(name).map(caller -> user(name.value(), caller.credentials(), caller.policies()));
        } catch (StateException damaged) {
            Optional<Credentials> key = state.findCallerKey(name);
            complaints.accept(String.valueOf(damaged.getMessage()));
            return key.map(known -> user(name.value(), known, List.of()));
        }
    }

    /** Whoever has the state directory's own key may do everything. */
    private Principal local() {
        return user(LOCAL_USER, state.credentials(), List.of(mayDoEverything));
    }

    /** The function has a role, as on AWS. */
    private Principal function() throws StateException {
        IamIdentity session = new IamIdentity(
                functionKey.accessKeyId(),
                Account.ID,
                "AROALOCALCLOUDFUNCTION:" + FUNCTION,
                "arn:aws:sts::" + Account.ID + ":assumed-role/" + FUNCTION + "/" + FUNCTION);
        return new IamUser(FUNCTION, AccessKey.of(session, functionKey.secretAccessKey()), state.gatewayPolicies(role));
    }

    private static IamUser user(String name, Credentials credentials, List<Policy> policies) {
        String id = credentials.accessKeyId();
        String userId =
                name.equals(LOCAL_USER) ? "AIDALOCALCLOUDCALLER0" : "AIDA" + id.substring(Math.min(4, id.length()));
        IamIdentity caller = new IamIdentity(id, Account.ID, userId, USER_ARN + name);
        return new IamUser(name, AccessKey.of(caller, credentials.secretAccessKey()), policies);
    }

    @Override
    public void close() {
        watch.interrupt();
        try {
            var unused = watch.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
