package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.store.table.Keys;
import dev.roundtrip.local.store.table.Row;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.Table;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.store.table.TableStore.Snapshot;
import dev.roundtrip.local.store.table.TableStore.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** Things, certificates, policies and what is attached to what, in tables. The tables are the truth. Thread-safe. */
public final class Registry {
    private final TableStore store;
    private final Account account;
    private final InstantSource clock;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<Groups> groups = new CopyOnWriteArrayList<>();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();

    private final List<BiConsumer<Transaction, String>> cleared = new CopyOnWriteArrayList<>();

    /** The number of the last change that the listeners heard of. */
    private final AtomicLong heard;

    /** Hears of changes after they are kept. */
    public interface Listener {
        /** Certificates may do something else now, or nothing; called on the thread that made the change.
         *
         * @param certificateIds also of certificates that are gone
         */
        void changed(Set<String> certificateIds);

        /** Any certificate may do something else now. */
        void missedTooMuch();

        /** A thing is deleted. */
        default void deleted(String thingName) {}

        /** The groups of a thing changed, or its files are gone. */
        default void moved(String thingName) {}
    }

    /** Keeps rows about things. Called inside the transaction that changes a thing. */
    public interface Follower {
        /** A thing is deleted. */
        void deleted(Transaction rows, String thingName);

        /** A thing comes into a group or goes out of one. */
        void moved(Transaction rows, String thingName);
    }

    /** Knows groups of things, to which policies may be attached. Asked inside the registry's transactions. */
    public interface Groups {
        /** Whether there is a group of this ARN. */
        boolean isThere(Snapshot rows, String arn);

        /** The names of the things in a group, and in groups below it; none when there is no such group. */
        List<String> things(Snapshot rows, String arn);

        /** The ARNs of the groups that a thing is in, and of those above them. */
        List<String> of(Snapshot rows, String thingName);

        /** The ARNs of the groups that a group is in; none when there is no such group. */
        List<String> above(Snapshot rows, String arn);
    }

    /** Asks, in one moment. */
    @FunctionalInterface
    interface Question<T> {
        T of(Snapshot rows) throws RegistryException;
    }

    /** Makes a change, all of it or nothing. */
    @FunctionalInterface
    interface Change<T> {
        /** @param affected takes the ids of certificates for which the change may count */
        T in(Transaction rows, Set<String> affected) throws RegistryException;
    }

    /** @throws StoreException when the store cannot be read */
    public Registry(TableStore store, Account account, InstantSource clock) {
        this.store = store;
        this.account = account;
        this.clock = clock;
        this.heard = new AtomicLong(store.<Long, StoreException>read(ChangeLog::last));
    }

    /** Has somebody hear of changes, also of those that another registry made in the same tables: see {@link #catchUp}.
     */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** Has somebody keep rows about things. */
    public void follow(Follower follower) {
        followers.add(follower);
    }

    /** A thing comes into a group or goes out of one, in this transaction; {@link #moved(String)} after it. */
    void moved(Transaction rows, String thingName) {
        followers.forEach(follower -> follower.moved(rows, thingName));
    }

    /** A thing is deleted, in this transaction; {@link #deleted(String)} after it. */
    void deleted(Transaction rows, String thingName) {
        followers.forEach(follower -> follower.deleted(rows, thingName));
    }

    /** Has rows of others about a policy or thing type be gone with it, such as its tags.
     *
     * @param belongings deletes them, by the ARN, in the same transaction
     */
    public void clear(BiConsumer<Transaction, String> belongings) {
        cleared.add(belongings);
    }

    /** Something is deleted. */
    void cleared(Transaction rows, String arn) {
        cleared.forEach(belongings -> belongings.accept(rows, arn));
    }

    /** Has the policies of groups count for the things in them.
     *
     * @throws IllegalStateException when somebody listens already: what they know would be without groups
     */
    public void know(Groups known) {
        if (!listeners.isEmpty()) {
            throw new IllegalStateException("groups are known before anybody listens");
        }
        groups.add(known);
    }

    /** The ARNs of the groups that a thing is in, and of those above them. */
    public List<String> groupsOf(Snapshot rows, String thingName) {
        return groups.stream()
                .flatMap(known -> known.of(rows, thingName).stream())
                .toList();
    }

    /** The ARNs of the groups that a thing is in, and of those above them. */
    public List<String> groupsOf(String thingName) throws RegistryException {
        return ask(rows -> groupsOf(rows, thingName));
    }

    /** The resources whose policies count for a certificate: its own, and the groups that its things are in. */
    Set<String> targetsOf(Snapshot rows, String certificateId, Collection<String> thingNames) {
        Set<String> targets = new LinkedHashSet<>(Set.of(Account.certificate(certificateId)));
        for (Groups known : groups) {
            for (String name : thingNames) {
                for (String arn : known.of(rows, name)) {
                    String resource = account.resource(arn);
                    if (resource != null) {
                        targets.add(resource);
                    }
                }
            }
        }
        return targets;
    }

    /** The account whose resources these are. */
    public Account account() {
        return account;
    }

    void moved(String thingName) {
        listeners.forEach(listener -> listener.moved(thingName));
    }

    void deleted(String thingName) {
        listeners.forEach(listener -> listener.deleted(thingName));
    }

    Instant now() {
        return clock.instant();
    }

    <T> T ask(Question<T> question) throws RegistryException {
        return store.<T, RegistryException>read(question::of);
    }

    <T> T change(Change<T> change) throws RegistryException {
        return this.<T, RegistryException>write(change::in);
    }

    /** A change of several parts, as it is made in one transaction. */
    RegistryTransaction in(Transaction rows, Set<String> affected) {
        return new RegistryTransaction(this, rows, affected);
    }

    /** Changes several parts of the registry, and rows of others.
     *
     * @param <E> what the work may throw
     */
    @FunctionalInterface
    public interface Transactional<T, E extends Exception> {
        T in(RegistryTransaction change) throws E;
    }

    /** Makes a change of several parts, all of it or nothing.
     *
     * @throws E when the change fails; then nothing is changed
     */
    public <T, E extends Exception> T transact(Transactional<T, E> work) throws E {
        Set<String> moved = new LinkedHashSet<>();
        T result = this.<T, E>write((rows, affected) -> {
            RegistryTransaction change = in(rows, affected);
            T made = work.in(change);
            moved.addAll(change.moved());
            return made;
        });
        moved.forEach(this::moved);
        return result;
    }

    private interface Work<T, E extends Exception> {
        T in(Transaction rows, Set<String> affected) throws E;
    }

    private <T, E extends Exception> T write(Work<T, E> work) throws E {
        Set<String> affected = new LinkedHashSet<>();
        AtomicLong number = new AtomicLong();
        T result = store.<T, E>write(rows -> {
            T made = work.in(rows, affected);
            if (!affected.isEmpty()) {
                number.set(ChangeLog.add(rows, affected));
            }
            return made;
        });
        if (!affected.isEmpty()) {
            listeners.forEach(listener -> listener.changed(affected));
            // Stays behind when a listener failed, or another registry changed something before: catchUp tells of it.
            heard.compareAndSet(number.get() - 1, number.get());
        }
        return result;
    }

    /** Has the listeners hear of what others changed in the same tables, such as another local cloud with the same
     * state directory. Reads one row when there is nothing new.
     *
     * @throws StoreException when the store cannot be read
     */
    public void catchUp() {
        long before = heard.get();
        AtomicLong last = new AtomicLong();
        Optional<Set<String>> missed = store.<Optional<Set<String>>, StoreException>read(rows -> {
            last.set(ChangeLog.last(rows));
            return ChangeLog.after(rows, before);
        });
        if (missed.isEmpty()) {
            listeners.forEach(Listener::missedTooMuch);
        } else if (!missed.get().isEmpty()) {
            listeners.forEach(listener -> listener.changed(missed.get()));
        }
        // After the listeners: who fails hears of it again.
        heard.accumulateAndGet(last.get(), Math::max);
    }

    /** A part of a list.
     *
     * @param after the name behind which it begins; empty for the first
     * @param most how many at most
     */
    public record Page(String after, int most) {}

    /** What stands on a page.
     *
     * @param next behind which name the next page begins; empty when this is the last
     */
    public record Listed<T>(List<T> entries, String next) {
        public Listed {
            entries = List.copyOf(entries);
        }
    }

    /** Reads an entry. */
    @FunctionalInterface
    interface Reader<T> {
        T of(Row row);
    }

    /** The part of a sorted list that is asked for. */
    public static Listed<String> part(Page page, List<String> sorted) {
        List<String> rest =
                sorted.stream().filter(name -> name.compareTo(page.after()) > 0).toList();
        return rest.size() <= page.most()
                ? new Listed<>(rest, "")
                : new Listed<>(rest.subList(0, page.most()), rest.get(page.most() - 1));
    }

    /** A page of the rows whose keys begin so. */
    static <T> Listed<T> list(Snapshot rows, Table table, String prefix, Page page, Reader<T> reader) {
        String after = page.after().isEmpty() ? "" : prefix + page.after();
        List<Row> found = rows.page(table, prefix, after, page.most() + 1);
        List<T> entries = new ArrayList<>();
        found.stream().limit(page.most()).forEach(row -> entries.add(reader.of(row)));
        String next = found.size() <= page.most()
                ? ""
                : found.get(page.most() - 1).key().substring(prefix.length());
        return new Listed<>(entries, next);
    }

    /** The ids of the certificates that are attached to a thing. */
    void addPrincipals(Snapshot rows, String thingName, Set<String> certificateIds) {
        rows.forEach(Stored.THING_PRINCIPALS, Keys.prefix(thingName), row -> {
            String id = Account.certificateOf(Keys.part(row.key(), 1));
            if (id != null) {
                certificateIds.add(id);
            }
        });
    }

    /** Adds the ids of the certificates for which the policies of a target count.
     *
     * @param target a resource, such as {@code cert/…}
     */
    void addTarget(Snapshot rows, String target, Set<String> certificateIds) {
        String id = Account.certificateOf(target);
        if (id != null) {
            certificateIds.add(id);
            return;
        }
        for (Groups known : groups) {
            known.things(rows, account.iotArn(target)).forEach(thing -> addPrincipals(rows, thing, certificateIds));
        }
    }

    /** Adds the ids of the certificates for which a policy counts. */
    void addTargets(Snapshot rows, String policy, Set<String> certificateIds) {
        rows.forEach(
                Stored.POLICY_TARGETS,
                Keys.prefix(policy),
                row -> addTarget(rows, Keys.part(row.key(), 1), certificateIds));
    }

    /** The resources of the groups that a group is in.
     *
     * @param targetArn the ARN of a group; of anything else there are none
     */
    List<String> above(Snapshot rows, String targetArn) {
        List<String> resources = new ArrayList<>();
        for (Groups known : groups) {
            for (String arn : known.above(rows, targetArn)) {
                String resource = account.resource(arn);
                if (resource != null) {
                    resources.add(resource);
                }
            }
        }
        return resources;
    }

    /** Demands that there is a target of policies.
     *
     * @param target an ARN
     * @return its resource
     */
    String requireTarget(Snapshot rows, String target) throws RegistryException {
        String resource = account.resource(target);
        if (resource != null) {
            String id = Account.certificateOf(resource);
            if (id != null) {
                CertificateRegistry.existing(rows, id);
                return resource;
            }
            for (Groups known : groups) {
                if (known.isThere(rows, target)) {
                    return resource;
                }
            }
            throw RegistryException.notFound("The target does not exist (" + target + ")");
        }
        throw new RegistryException(
                RegistryException.Reason.INVALID_REQUEST,
                "the target must be the ARN of a certificate or thing group of this account and region, but is "
                        + target);
    }
}
