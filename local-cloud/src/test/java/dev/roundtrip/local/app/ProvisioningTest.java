package dev.roundtrip.local.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roundtrip.local.iot.certificate.CertificateId;
import dev.roundtrip.local.iot.registry.Thing;
import dev.roundtrip.local.iot.registry.ThingRegistration;
import dev.roundtrip.local.store.StateException;
import dev.roundtrip.protocol.ClientPrefix;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provisioning that ends in the middle. */
class ProvisioningTest {
    private static final Target PUMP = new Target("pump");
    private static final ClientPrefix PREFIX = new ClientPrefix("roundtrip");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private StateDirectory state;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Provisioning.OwnTables tables;

    @BeforeEach
    void open() throws StateException {
        state = StateDirectory.open(directory.resolve("state"));
        tables = Provisioning.OwnTables.open(state);
    }

    @AfterEach
    void close() {
        tables.close();
    }

    /** Dies at one operation. */
    private final class Mortal implements ThingRegistration {
        private final ThingRegistration registration = tables.registration();
        private final List<X509Certificate> made = new ArrayList<>();
        private String last = "";

        private void doOrDie(String operation) {
            if (operation.equals(last)) {
                throw new UncheckedIOException(new IOException("killed"));
            }
        }

        @Override
        public X509Certificate createCertificateFromCsr(String request) throws StateException {
            doOrDie("certificate");
            X509Certificate certificate = registration.createCertificateFromCsr(request);
            made.add(certificate);
            return certificate;
        }

        @Override
        public Properties createThing(Target name) throws StateException {
            doOrDie("thing");
            return registration.createThing(name);
        }

        @Override
        public void createPolicy(String name, String document) throws StateException {
            doOrDie("policy");
            registration.createPolicy(name, document);
        }

        @Override
        public void attachPolicy(String policy, X509Certificate certificate) throws StateException {
            doOrDie("attach policy");
            registration.attachPolicy(policy, certificate);
        }

        @Override
        public void attachThingPrincipal(Target thing, X509Certificate certificate) throws StateException {
            doOrDie("attach thing");
            registration.attachThingPrincipal(thing, certificate);
        }

        @Override
        public void written(Target thing) throws StateException {
            doOrDie("written");
            registration.written(thing);
        }
    }

    @Test
    void provisioning_that_was_killed_goes_on_with_its_certificate() throws Exception {
        Mortal mortal = new Mortal();
        Provisioning provisioning = new Provisioning(state, mortal, PREFIX);
        for (String operation : List.of("thing", "policy", "certificate", "attach policy", "attach thing")) {
            mortal.last = operation;
            assertThatThrownBy(() -> provisioning.provision(PUMP)).isInstanceOf(UncheckedIOException.class);
        }
        mortal.last = "";

        Thing pump = provisioning.provision(PUMP);

        assertThat(mortal.made)
                .singleElement()
                .satisfies(
                        certificate -> assertThat(CertificateId.of(certificate)).isEqualTo(pump.certificateId()));
    }

    @Test
    void thing_that_is_made_anew_has_another_certificate_each_time() throws Exception {
        Mortal mortal = new Mortal();
        Provisioning provisioning = new Provisioning(state, mortal, PREFIX);
        mortal.last = "written";
        assertThatThrownBy(() -> provisioning.provision(PUMP)).isInstanceOf(UncheckedIOException.class);
        mortal.last = "";
        Thing first = provisioning.provision(PUMP);

        Thing second = provisioning.replace(PUMP);

        assertThat(second.certificateId()).isNotEqualTo(first.certificateId());
        assertThat(mortal.made).hasSize(2);
    }
}
