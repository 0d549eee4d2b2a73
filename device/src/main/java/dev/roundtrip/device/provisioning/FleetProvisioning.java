package dev.roundtrip.device.provisioning;

import dev.roundtrip.device.operation.CertificatePort;
import dev.roundtrip.device.operation.CertificateRequest;
import dev.roundtrip.device.operation.RotateCertificate;
import dev.roundtrip.device.operation.RotationFailedException;
import dev.roundtrip.device.provisioning.ClaimConnection.Signed;
import dev.roundtrip.device.provisioning.ThingIdentity.Registered;
import dev.roundtrip.device.store.DurableFiles;
import dev.roundtrip.device.transport.DeviceTransport;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.update.Patience;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gets a device an identity of its own at its first start, by AWS IoT fleet provisioning: makes a key, has it signed
 * with the claim certificate, and registers the thing by a template. Later starts find the identity in the directory. A
 * power cut at any moment leaves a device that has its identity or begins again. Immutable; one process at a time may
 * use a directory.
 *
 * <pre>{@code
 * Provisioned pump = FleetProvisioning.by(claim, "pumps", Path.of("/var/lib/pump/identity"))
 *         .with("SerialNumber", "7")
 *         .provision(Duration.ofMinutes(5));
 * RoundtripDevice device = RoundtripDevice.of(pump.login()).on("read", …).connect();
 * }</pre>
 */
public final class FleetProvisioning {
    /** Source: the model of AWS IoT, {@code TemplateName}. */
    private static final Pattern TEMPLATE = Pattern.compile("[0-9A-Za-z_-]{1,36}");

    private final Login claim;
    private final String template;
    private final Path directory;
    private final Map<String, String> parameters;
    private final Transports transports;
    private final Patience patience;

    /** Opens connections with the claim. */
    @FunctionalInterface
    interface Transports {
        DeviceTransport open(Login login) throws TransportException;
    }

    FleetProvisioning(
            Login claim,
            String template,
            Path directory,
            Map<String, String> parameters,
            Transports transports,
            Patience patience) {
        if (!TEMPLATE.matcher(template).matches()) {
            throw new IllegalArgumentException("a template's name has 1 to 36 of a-z A-Z 0-9 _ -");
        }
        this.claim = claim;
        this.template = template;
        this.directory = directory;
        this.parameters = Map.copyOf(parameters);
        this.transports = transports;
        this.patience = patience;
    }

    /** Without parameters.
     *
     * @param claim the claim certificate, its key, the broker, and a client id that the claim's policy allows
     * @param template the name of the provisioning template, 1 to 36 of {@code a-z A-Z 0-9 _ -}
     * @param directory where the identity is kept: {@code thing.json}, {@code certificate.pem} and {@code private.key},
     *     which their owner alone can read; made when it is not there
     * @throws IllegalArgumentException when no template can have this name
     */
    public static FleetProvisioning by(Login claim, String template, Path directory) {
        return new FleetProvisioning(claim, template, directory, Map.of(), OwnNetwork::open, Patience.DEFAULT);
    }

    /** The same with a parameter of the template. */
    public FleetProvisioning with(String parameter, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(parameter, value);
        return new FleetProvisioning(claim, template, directory, more, transports, patience);
    }

    /** The identity: the one that is there, or a new one.
     *
     * @param atMost how long a new one is tried for; closing the connection may take three seconds more
     * @throws ProvisioningException when the service refuses, the files cannot be used, or the time is up
     * @throws InterruptedException when the thread is interrupted
     */
    public Provisioned provision(Duration atMost) throws ProvisioningException, InterruptedException {
        try {
            DurableFiles.createDirectories(directory);
            ThingIdentity identity = new ThingIdentity(directory);
            Registered found = identity.find();
            Registered thing = found == null ? obtain(identity, System.nanoTime() + atMost.toNanos()) : found;
            return new Provisioned(login(thing, identity), thing.configuration());
        } catch (IOException unusable) {
            throw ProvisioningException.refused("the identity cannot be kept: " + unusable.getMessage());
        }
    }

    /** Renews the certificate of the identity by the same claim and template, for the operation
     * {@code rotate-certificate}. The old certificate stays attached to the thing.
     *
     * @param restart has the device connect anew
     * @throws ProvisioningException when there is no identity
     */
    public CertificatePort rotation(Runnable restart) throws ProvisioningException {
        try {
            ThingIdentity identity = new ThingIdentity(directory);
            Registered thing = identity.find();
            if (thing == null) {
                throw ProvisioningException.refused("the device has no identity yet");
            }
            return new ClaimedCertificate(this, login(thing, identity), identity.files(), restart);
        } catch (IOException unusable) {
            throw ProvisioningException.refused("the identity cannot be read: " + unusable.getMessage());
        }
    }

    private Login login(Registered thing, ThingIdentity identity) {
        TlsFiles tls = new TlsFiles(
                claim.tls().authority(),
                identity.files().certificate(),
                identity.files().key());
        return new Login(thing.name(), claim.endpoint(), tls);
    }

    private Registered obtain(ThingIdentity identity, long until)
            throws ProvisioningException, IOException, InterruptedException {
        Duration pause = patience.first();
        while (true) {
            try {
                return obtain(identity, Duration.ofNanos(until - System.nanoTime()));
            } catch (ProvisioningException failed) {
                Duration left = Duration.ofNanos(until - System.nanoTime());
                if (failed.isRefusal() || left.compareTo(pause) < 0) {
                    throw failed;
                }
            }
            Thread.sleep(Patience.jittered(pause));
            pause = patience.after(pause);
        }
    }

    /** Ends a try whose time is up by an interrupt, which harms no file. */
    private Registered obtain(ThingIdentity identity, Duration atMost)
            throws ProvisioningException, IOException, InterruptedException {
        FutureTask<Registered> attempt = new FutureTask<>(() -> obtain(identity));
        try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            thread.execute(attempt);
            try {
                awaitEnd(attempt, atMost);
            } finally {
                // One that has not ended does so before anybody uses the files again.
                var unused = thread.shutdownNow();
            }
        }
        try {
            return attempt.get();
        } catch (ExecutionException failed) {
            switch (Objects.requireNonNullElse(failed.getCause(), failed)) {
                case ProvisioningException known -> throw known;
                case IOException known -> throw known;
                case InterruptedException late ->
                    throw ProvisioningException.lost("the service did not answer in " + atMost.toSeconds() + " s");
                case RuntimeException defect -> throw defect;
                case Error defect -> throw defect;
                default -> throw new IllegalStateException(failed);
            }
        }
    }

    private static void awaitEnd(FutureTask<?> attempt, Duration atMost) throws InterruptedException {
        try {
            var unused = attempt.get(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException unsuccessful) {
            // The caller asks once more.
        }
    }

    /** A certificate that may be registered already is registered again, with the same token. Where that is refused, as
     * after the token's hour, and at first, there is a new key.
     */
    private Registered obtain(ThingIdentity identity) throws ProvisioningException, IOException, InterruptedException {
        Signed kept = identity.kept();
        try (ClaimConnection connection = connect()) {
            if (kept != null) {
                try {
                    return registered(connection, identity, kept);
                } catch (ProvisioningException failed) {
                    if (!failed.isRefusal()) {
                        throw failed;
                    }
                }
            }
            CertificateRequest request = CertificateRequest.of(claim.clientId().value());
            identity.keepAside(request);
            Signed signed = connection.sign(request);
            identity.keepAside(signed);
            return registered(connection, identity, signed);
        }
    }

    private Registered registered(ClaimConnection connection, ThingIdentity identity, Signed signed)
            throws ProvisioningException, IOException, InterruptedException {
        Registered thing = connection.register(signed, parameters);
        identity.become(thing);
        return thing;
    }

    /** Keeps a certificate, PEM. */
    @FunctionalInterface
    interface Keeper {
        void keep(String certificate) throws IOException;
    }

    /** Has a request signed, and the certificate attached to the thing as the template says.
     *
     * @param keeper keeps the certificate before it may be active, so that a power cut does not make it forgotten
     * @return the certificate, PEM
     * @throws RotationFailedException when it is not, or to another thing; names a certificate that is left over
     */
    String claim(CertificateRequest request, Target thing, Keeper keeper)
            throws RotationFailedException, InterruptedException {
        String certificate = null;
        try (ClaimConnection connection = connect()) {
            Signed signed = connection.sign(request);
            certificate = signed.pem();
            keeper.keep(certificate);
            Target registered = connection.register(signed, parameters).name();
            if (!registered.equals(thing)) {
                throw ProvisioningException.refused("the template made the certificate one of " + registered);
            }
            return certificate;
        } catch (ProvisioningException failed) {
            throw new RotationFailedException(String.valueOf(failed.getMessage()), id(certificate));
        } catch (IOException full) {
            throw new RotationFailedException("the new certificate cannot be kept", id(certificate));
        }
    }

    private static @Nullable String id(@Nullable String certificate) {
        try {
            return certificate == null ? null : RotateCertificate.fingerprint(certificate);
        } catch (CertificateException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private ClaimConnection connect() throws ProvisioningException, InterruptedException {
        try {
            return ClaimConnection.open(transports.open(claim), template, patience);
        } catch (TransportException unusable) {
            throw ProvisioningException.refused(String.valueOf(unusable.getMessage()));
        }
    }
}
