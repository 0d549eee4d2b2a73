package dev.roundtrip.local.app;

import dev.roundtrip.auth.policy.Policy;
import dev.roundtrip.local.iot.registry.Account;
import dev.roundtrip.local.iot.registry.GatewayPolicy;
import dev.roundtrip.local.iot.registry.GatewayRole;
import dev.roundtrip.local.iot.registry.Registry;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.registry.ThingFileExchange;
import dev.roundtrip.local.iot.registry.Things;
import dev.roundtrip.local.keys.Authority;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.ServerCertificate;
import dev.roundtrip.local.keys.ServerNames;
import dev.roundtrip.local.keys.TlsIdentity;
import dev.roundtrip.local.store.EnvironmentFile;
import dev.roundtrip.local.store.Privacy;
import dev.roundtrip.local.store.PrivateFiles;
import dev.roundtrip.local.store.RunningLock;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.local.store.StateLock;
import dev.roundtrip.local.store.table.SqliteTables;
import dev.roundtrip.local.store.table.StoreException;
import dev.roundtrip.local.store.table.TableStore;
import dev.roundtrip.local.users.Credentials;
import dev.roundtrip.local.users.StoredUser;
import dev.roundtrip.local.users.UserName;
import dev.roundtrip.local.users.Users;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The directory where a local cloud keeps what must survive it, readable by its owner alone.
 *
 * <pre>
 * ca.pem               what clients trust
 * authority.pem        the authority's key and certificate
 * server.pem           the servers' key and certificate
 * credentials.json     the keys to sign requests with
 * gateway-policy.json  what the gateway may do; may be edited
 * env                  to be sourced by a shell
 * token                who may use the local API; new with each start
 * things/NAME/         certificate.pem, private.key, policy.json, thing.json
 * callers/NAME/        credentials, env, policy.json
 * </pre>
 *
 * <p>Thread-safe, and safe beside other processes: writers take turns, every file appears as a whole, and whatever can
 * be changed by others is read anew each time.
 */
public final class StateDirectory {
    private static final String GATEWAY_POLICY = "gateway-policy.json";
    private static final int TOKEN_BYTES = 32;

    private final Path path;
    private final StateLock lock;
    private final Clock clock;
    private final Account account;
    private final Authority authority;
    private final ServerCertificate server;
    private final Credentials credentials;
    private final Things things;
    private final Users users;

    private StateDirectory(Path path, StateLock lock, StateOptions options) throws StateException {
        this.path = path;
        this.lock = lock;
        this.clock = options.clock();
        this.account = Account.of(options.region());
        this.things = new Things(path.resolve("things"));
        this.users = new Users(path.resolve("callers"));
        this.authority = Authority.openOrCreate(path.resolve("authority.pem"), clock.instant());
        this.server =
                new ServerCertificate(path.resolve("server.pem"), authority, ServerNames.with(options.serverNames()));
        this.credentials = openOrCreateCredentials(path.resolve("credentials.json"));
    }

    /** Opens a state directory with {@link StateOptions#defaults()}.
     *
     * @throws StateException as {@link #open(Path, StateOptions)}
     */
    public static StateDirectory open(Path path) throws StateException {
        return open(path, StateOptions.defaults());
    }

    /** Opens a state directory, and makes it with an authority and credentials of its own when it is missing.
     *
     * @throws StateException when others may read or write the directory, a file in it is damaged, it cannot be
     *     written, or an option is malformed
     */
    public static StateDirectory open(Path path, StateOptions options) throws StateException {
        Path absolute = path.toAbsolutePath().normalize();
        PrivateFiles.createDirectories(absolute);
        Privacy.check(absolute);
        StateLock lock = new StateLock(absolute.resolve("lock"));
        return lock.whileHeld(() -> {
            Privacy.checkOwner(absolute);
            PrivateFiles.sweep(absolute);
            PrivateFiles.sweep(absolute.resolve("things"));
            PrivateFiles.sweep(absolute.resolve("callers"));
            StateDirectory opened = new StateDirectory(absolute, lock, options);
            PrivateFiles.keep(opened.authorityFile(), Pem.of(opened.authority.certificate()));
            return opened;
        });
    }

    /** Where it is, absolute. */
    public Path path() {
        return path;
    }

    /** The account and region that the local cloud plays. */
    public Account account() {
        return account;
    }

    /** Who signs the certificates of servers and things. */
    public Authority authority() {
        return authority;
    }

    /** The authority's certificate, PEM. */
    public Path authorityFile() {
        return path.resolve("ca.pem");
    }

    /** What the servers show, for {@code localhost}, {@code 127.0.0.1}, {@code ::1} and the further names of the
     * options. Valid for at least 30 days.
     *
     * @throws StateException when its file cannot be read or written
     */
    public TlsIdentity serverIdentity() throws StateException {
        Optional<TlsIdentity> found = server.find(clock.instant());
        return found.isPresent() ? found.get() : lock.whileHeld(() -> server.findOrCreate(clock.instant()));
    }

    /** What everybody signs with who has no key of their own; whoever has it may do everything. */
    public Credentials credentials() {
        return credentials;
    }

    /** The thing of this name, which is made with a certificate, a key and a policy when it is missing. A thing that is
     * there stays as it is, whatever its policy says of the prefix.
     *
     * @param prefix of the gateway that it may answer
     * @throws StateException when files cannot be read or written, or those of the thing are damaged
     */
    public Thing provision(Target name, ClientPrefix prefix) throws StateException {
        return lock.whileHeld(() -> {
            Optional<Thing> found = things.find(name);
            if (found.isEmpty()) {
                return create(name, prefix);
            }
            found.get().files().requireIdentity();
            return found.get();
        });
    }

    /** Makes a thing anew: the certificate and key that it had are worthless afterwards, and edits are lost.
     *
     * @param prefix of the gateway that it may answer
     * @throws StateException when files cannot be written
     */
    public Thing replace(Target name, ClientPrefix prefix) throws StateException {
        return lock.whileHeld(() -> create(name, prefix));
    }

    /** All things, by name.
     *
     * @throws StateException when files of one are damaged
     */
    public List<Thing> things() throws StateException {
        return things.all();
    }

    /** The thing of a name; empty when there is none.
     *
     * @throws StateException when its files are damaged
     */
    public Optional<Thing> find(Target name) throws StateException {
        return things.find(name);
    }

    /** Whether there is a thing of a name, complete or not. */
    public boolean has(Target name) {
        return things.isThere(name);
    }

    /** The thing whose certificate this is, when the certificate is active and valid now. That the peer has the
     * certificate's key, and that {@link #authority()} signed it, is for TLS to check.
     *
     * @throws StateException when the thing's files are damaged
     */
    public Optional<Thing> findByCertificate(X509Certificate certificate) throws StateException {
        return things.findByCertificate(certificate, clock.instant());
    }

    /** What the gateway's role may do, as it stands in {@code gateway-policy.json}. The file is made when it is
     * missing, with the least that a gateway of this role needs.
     *
     * @throws StateException when the file cannot be written or is no policy
     */
    public List<Policy> gatewayPolicies(GatewayRole role) throws StateException {
        GatewayPolicy policy = gatewayPolicy(role);
        return List.of(policy.exists() ? policy.read() : lock.whileHeld(policy::openOrCreate));
    }

    /** Makes the policies of gateway and things anew that an earlier version made, and that of the gateway when it was
     * made for other parameters. One that a person edited stays as it is.
     *
     * @return what was done, and what an edited policy lacks; a line each
     * @throws StateException when a file cannot be read or written
     */
    public List<String> renewPolicies(GatewayRole role) throws StateException {
        return lock.whileHeld(() -> {
            List<String> lines = new ArrayList<>();
            gatewayPolicy(role).renew().ifPresent(lines::add);
            int renewed = things.renewPolicies(role.prefix());
            if (renewed > 0) {
                lines.add("the policies of " + renewed + (renewed == 1 ? " thing" : " things")
                        + " were what an earlier version made, and are made anew: a thing hears the requests of "
                        + role.prefix() + " alone now");
            }
            return lines;
        });
    }

    private GatewayPolicy gatewayPolicy(GatewayRole role) {
        return new GatewayPolicy(path.resolve(GATEWAY_POLICY), role);
    }

    /** Takes the directory for one running local cloud.
     *
     * @return held until it is closed, or the process ends
     * @throws StateException when a local cloud runs with it already
     */
    public RunningLock claim() throws StateException {
        return RunningLock.take(path.resolve("running"));
    }

    /** Whether a local cloud runs with the directory, in this process or another.
     *
     * @throws StateException when that cannot be found out
     */
    public boolean isRunning() throws StateException {
        return RunningLock.isTaken(path.resolve("running"));
    }

    /** What {@link #writeEnvironment} wrote last; empty before.
     *
     * @throws StateException when the file cannot be read
     */
    public Map<String, String> readEnvironment() throws StateException {
        return PrivateFiles.read(path.resolve("env")).map(EnvironmentFile::read).orElse(Map.of());
    }

    /** The token of the local API, new with each start; empty while no local cloud ran.
     *
     * @throws StateException when the file cannot be read
     */
    public Optional<String> readToken() throws StateException {
        return PrivateFiles.read(path.resolve("token"));
    }

    /** Makes a caller with a key of its own, and gives it a policy. One that is there keeps its key, unless it
     * cannot be read.
     *
     * @param policy an IAM policy
     * @throws StateException when it is no policy, or files cannot be read or written
     */
    public StoredUser caller(UserName name, String policy) throws StateException {
        return lock.whileHeld(() -> users.put(name, policy));
    }

    /** The caller of a name; empty when there is none.
     *
     * @throws StateException when his files are damaged
     */
    public Optional<StoredUser> findCaller(UserName name) throws StateException {
        return users.find(name);
    }

    /** The key of a caller, whatever is the matter with the policy; empty when there is no such caller.
     *
     * @throws StateException when the file with the key is damaged
     */
    public Optional<Credentials> findCallerKey(UserName name) throws StateException {
        return users.findKey(name);
    }

    /** The names of all callers, whether their files can be read or not.
     *
     * @throws StateException when the directory cannot be read
     */
    public List<UserName> callerNames() throws StateException {
        return users.names();
    }

    /** What changes whenever what a caller may do does. */
    public String stamp(UserName name) {
        return users.stamp(name);
    }

    /** The names of all things, whether their files can be read or not.
     *
     * @throws StateException when the directory cannot be read
     */
    public List<Target> thingNames() throws StateException {
        return things.names();
    }

    /** What changes whenever what a thing may do does. */
    public String stamp(Target name) {
        return things.stamp(name);
    }

    /** What changes whenever a thing or caller is made, made anew or removed, and whenever the gateway's policy is
     * edited.
     */
    public String stamp() {
        return PrivateFiles.stamp(path.resolve("things"), path.resolve("callers"), path.resolve(GATEWAY_POLICY));
    }

    /** The rows of services, in the file {@code services.db}.
     *
     * @throws StateException when the file is no such file, or a newer version wrote it
     */
    TableStore tables() throws StateException {
        try {
            return SqliteTables.at(path.resolve("services.db"));
        } catch (StoreException unusable) {
            throw new StateException(String.valueOf(unusable.getMessage()));
        }
    }

    /** Takes the files of things over into a registry, and writes its changes into them.
     *
     * @param direction whether changes go into files at all
     * @param complaints told, in one line, of files that cannot be written
     */
    ThingFileExchange thingFiles(
            Registry registry, ThingFileExchange.Direction direction, Consumer<String> complaints) {
        return new ThingFileExchange(things, registry, direction, lock, complaints);
    }

    /** Writes {@code env}, a file that exports variables when a shell sources it, and takes away those that would send
     * a tool to other credentials.
     *
     * @param variables in the order of the file; any values
     * @return the file
     * @throws StateException when a name is no variable's, or the file cannot be written
     */
    public Path writeEnvironment(Map<String, String> variables) throws StateException {
        Path file = path.resolve("env");
        String text = EnvironmentFile.of(variables);
        return lock.whileHeld(() -> {
            PrivateFiles.keep(file, text);
            return file;
        });
    }

    /** Writes a new token of the local API; who has it may ask the local cloud everything, and stop it.
     *
     * @throws StateException when the file cannot be written
     */
    String writeToken() throws StateException {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        return lock.whileHeld(() -> {
            PrivateFiles.write(path.resolve("token"), token + "\n");
            return token;
        });
    }

    private Thing create(Target name, ClientPrefix prefix) throws StateException {
        requireName(name, prefix);
        return things.create(Things.Wanted.plain(name, prefix), authority.issueThing(name, clock.instant()));
    }

    /** Writes the files of a thing that is registered, in the place of those that were there. */
    Thing write(Things.Wanted wanted, TlsIdentity identity) throws StateException {
        return lock.whileHeld(() -> things.create(wanted, identity));
    }

    /** @throws StateException when a thing of this name would read everybody's answers */
    static void requireName(Target name, ClientPrefix prefix) throws StateException {
        if (name.value().equals(prefix.value())) {
            throw new StateException("a thing must not be named " + name
                    + ", like the gateway's prefix: everybody's answers would be under its name, for it to read");
        }
    }

    private static Credentials openOrCreateCredentials(Path file) throws StateException {
        Optional<String> text = PrivateFiles.read(file);
        if (text.isPresent()) {
            return Credentials.parse(file, text.get());
        }
        Credentials created = Credentials.random(new SecureRandom());
        PrivateFiles.write(file, created.toJson());
        return created;
    }
}
