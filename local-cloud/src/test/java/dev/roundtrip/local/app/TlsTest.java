package dev.roundtrip.local.app;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.keys.Pem;
import dev.roundtrip.local.keys.TlsIdentity;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and things shake hands with what the state directory made, over real sockets. */
class TlsTest {
    private static final ClientPrefix GATEWAY = new ClientPrefix("gw");
    private static final Target DEV1 = new Target("dev1");

    @TempDir
    private Path temporary;

    private Path path;
    private StateDirectory state;

    @BeforeEach
    void open() throws StateException {
        path = temporary.resolve("state");
        state = StateDirectory.open(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "::1"})
    void a_thing_and_a_server_prove_themselves_to_each_other(String host) throws Exception {
        TlsIdentity thing = identity(state.provision(DEV1, GATEWAY));

        Ends ends = handshake(host, thing, state.authority().certificate());

        assertThat(ends.ofClient()).isEmpty();
        assertThat(ends.ofServer()).isEmpty();
        assertThat(state.findByCertificate(ends.seen().getFirst()))
                .map(Thing::name)
                .contains(DEV1);
    }

    @Test
    void a_name_of_the_longest_kind_proves_itself_as_well() throws Exception {
        Target longest = new Target("a:_-".repeat(32));
        TlsIdentity thing = identity(state.provision(longest, GATEWAY));

        Ends ends = handshake("localhost", thing, state.authority().certificate());

        assertThat(state.findByCertificate(ends.seen().getFirst()))
                .map(Thing::name)
                .contains(longest);
    }

    @Test
    void a_server_refuses_a_thing_of_another_authority() throws Exception {
        StateDirectory other = StateDirectory.open(temporary.resolve("other"));
        TlsIdentity foreign = identity(other.provision(DEV1, GATEWAY));

        Ends ends = handshake("localhost", foreign, state.authority().certificate());

        assertThat(ends.seen()).isEmpty();
        assertThat(ends.ofServer()).singleElement().isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void a_thing_refuses_a_server_of_another_authority() throws Exception {
        TlsIdentity thing = identity(state.provision(DEV1, GATEWAY));
        StateDirectory other = StateDirectory.open(temporary.resolve("other"));

        Ends ends = handshake("localhost", thing, other.authority().certificate());

        assertThat(ends.ofClient()).singleElement().isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void a_thing_refuses_a_server_of_another_name() throws Exception {
        TlsIdentity thing = identity(state.provision(DEV1, GATEWAY));

        Ends ends = handshake("127.0.0.2", thing, state.authority().certificate());

        assertThat(ends.ofClient())
                .singleElement(as(InstanceOfAssertFactories.THROWABLE))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("127.0.0.2");
    }

    @Test
    void a_server_refuses_an_expired_thing() throws Exception {
        Clock longAgo = Clock.offset(Clock.systemUTC(), Duration.ofDays(-11 * 365));
        StateDirectory then = StateDirectory.open(path, StateOptions.defaults().withClock(longAgo));
        TlsIdentity expired = identity(then.provision(DEV1, GATEWAY));

        Ends ends = handshake("localhost", expired, state.authority().certificate());

        assertThat(ends.seen()).isEmpty();
        assertThat(ends.ofServer())
                .singleElement(as(InstanceOfAssertFactories.THROWABLE))
                .hasRootCauseInstanceOf(CertificateExpiredException.class);
        assertThat(state.findByCertificate(expired.certificate())).isEmpty();
    }

    @Test
    void a_server_does_not_take_another_servers_certificate_for_a_thing() throws Exception {
        Ends ends =
                handshake("localhost", state.serverIdentity(), state.authority().certificate());

        assertThat(ends.seen()).isEmpty();
        assertThat(ends.ofServer())
                .singleElement(as(InstanceOfAssertFactories.THROWABLE))
                .hasMessageContaining("key usage");
    }

    /** How a connection went at both ends: a client of TLS 1.3 may end its handshake before the server has judged it.
     *
     * @param seen the certificate that the server accepted, or nothing
     */
    private record Ends(List<IOException> ofClient, List<IOException> ofServer, List<X509Certificate> seen) {}

    /** Connects and exchanges a byte each way. */
    private Ends handshake(String host, TlsIdentity client, X509Certificate trusted) throws Exception {
        SSLContext serverSide =
                context(state.serverIdentity(), state.authority().certificate());
        SSLContext clientSide = context(client, trusted);
        InetAddress address = InetAddress.getByName(host);
        Ends ends = new Ends(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                SSLServerSocket server =
                        (SSLServerSocket) serverSide.getServerSocketFactory().createServerSocket(0, 1, address)) {
            server.setNeedClientAuth(true);
            Future<?> served = threads.submit(() -> serve(server, ends));
            connect(clientSide, host, server.getLocalPort(), ends);
            served.get();
        }
        return ends;
    }

    private static void connect(SSLContext context, String host, int port, Ends ends) {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(host, port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getOutputStream().write(1);
            expect(2, socket);
        } catch (IOException failure) {
            ends.ofClient().add(failure);
        }
    }

    private static void serve(SSLServerSocket server, Ends ends) {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            socket.startHandshake();
            ends.seen().add((X509Certificate) socket.getSession().getPeerCertificates()[0]);
            expect(1, socket);
            socket.getOutputStream().write(2);
        } catch (IOException failure) {
            ends.ofServer().add(failure);
        }
    }

    private static void expect(int wanted, SSLSocket socket) throws IOException {
        if (socket.getInputStream().read() != wanted) {
            throw new EOFException("the other end did not say " + wanted);
        }
    }

    private static SSLContext context(TlsIdentity identity, X509Certificate trusted) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("own", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
        keyManagers.init(keys, new char[0]);
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("authority", trusted);
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
        trustManagers.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    /** What a device reads from its files. */
    private static TlsIdentity identity(Thing thing) throws Exception {
        String text = Files.readString(thing.files().privateKey())
                + Files.readString(thing.files().certificate());
        assertThat(List.of(text.split("\n", 2)).getFirst()).isEqualTo("-----BEGIN PRIVATE KEY-----");
        return Pem.identity(thing.files().directory(), text);
    }
}
