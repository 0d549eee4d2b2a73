package dev.roundtrip.invoke.mqtt;

import dev.roundtrip.invoke.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.auth.credentials.Credentials;
import software.amazon.awssdk.crt.auth.credentials.CredentialsProvider;
import software.amazon.awssdk.crt.auth.credentials.DefaultChainCredentialsProvider;
import software.amazon.awssdk.crt.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.crt.io.ClientBootstrap;

/** Finds the key to sign with, where the MQTT connection's signature finds it too. Thread-safe.
 *
 * <p>The Common Runtime's chain of sources keeps a key until it expires: AWS Lambda's environment variables, or, after
 * a snapshot, its container endpoint.
 */
public final class CrtCredentials {
    private final GatewayCredentials source;
    private final Supplier<CredentialsProvider> sources;
    /** Held for moments: nobody waits for a key under it. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable CredentialsProvider chain;
    /** What the chain was asked last. */
    private @Nullable CompletableFuture<Credentials> question;

    public CrtCredentials(GatewayCredentials source) {
        this(source, () -> provider(source));
    }

    /** @param sources makes what is asked for a key that is not fixed */
    CrtCredentials(GatewayCredentials source, Supplier<CredentialsProvider> sources) {
        this.source = source;
        this.sources = sources;
    }

    /** The key that is good now.
     *
     * @throws MqttException when there is none before the deadline
     */
    public GatewayCredentials.Fixed resolve(Deadline deadline) throws MqttException {
        return switch (source) {
            case GatewayCredentials.Fixed fixed -> fixed;
            case GatewayCredentials.Environment environment -> ask(deadline);
        };
    }

    private GatewayCredentials.Fixed ask(Deadline deadline) throws MqttException {
        try {
            Credentials found = question().get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            byte[] token = found.getSessionToken();
            return new GatewayCredentials.Fixed(
                    text(found.getAccessKeyId()),
                    text(found.getSecretAccessKey()),
                    token == null || token.length == 0 ? null : text(token));
        } catch (ExecutionException | TimeoutException | CrtRuntimeException none) {
            throw new MqttException(MqttException.Kind.UNAVAILABLE, "the function found no credentials in time");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MqttException(MqttException.Kind.UNAVAILABLE, "the function is stopping");
        }
    }

    /** One question for everybody who wants a key at the same time; each waits for its end within its own deadline. */
    private CompletableFuture<Credentials> question() {
        lock.lock();
        try {
            CompletableFuture<Credentials> current = question;
            if (current != null && !current.isDone()) {
                return current;
            }
            CredentialsProvider present = chain;
            if (present == null) {
                present = sources.get();
                chain = present;
            }
            CompletableFuture<Credentials> fresh = present.getCredentials();
            question = fresh;
            return fresh;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps no key, so that the next one is asked for anew. */
    public void forget() {
        lock.lock();
        try {
            if (chain != null) {
                chain.close();
                chain = null;
                question = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A source of keys; to be closed by the caller. */
    static CredentialsProvider provider(GatewayCredentials credentials) {
        return switch (credentials) {
            case GatewayCredentials.Environment environment ->
                new DefaultChainCredentialsProvider.DefaultChainCredentialsProviderBuilder()
                        .withClientBootstrap(ClientBootstrap.getOrCreateStaticDefault())
                        .build();
            case GatewayCredentials.Fixed fixed -> {
                var builder = new StaticCredentialsProvider.StaticCredentialsProviderBuilder()
                        .withAccessKeyId(fixed.accessKeyId().getBytes(StandardCharsets.UTF_8))
                        .withSecretAccessKey(fixed.secretAccessKey().getBytes(StandardCharsets.UTF_8));
                if (fixed.sessionToken() != null) {
                    builder.withSessionToken(fixed.sessionToken().getBytes(StandardCharsets.UTF_8));
                }
                yield builder.build();
            }
        };
    }
}
