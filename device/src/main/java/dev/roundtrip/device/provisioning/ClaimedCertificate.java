package dev.roundtrip.device.provisioning;

import dev.roundtrip.device.operation.CertificatePort;
import dev.roundtrip.device.operation.CertificateRequest;
import dev.roundtrip.device.operation.IdentityFiles;
import dev.roundtrip.device.operation.RotateCertificate;
import dev.roundtrip.device.operation.RotationFailedException;
import dev.roundtrip.device.transport.ConnectionTrial;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TlsFiles;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A device's identity that is renewed by its claim. Used by one job at a time. */
final class ClaimedCertificate implements CertificatePort {
    private static final Duration TRIAL = Duration.ofSeconds(20);

    private final FleetProvisioning provisioning;
    private final Login login;
    private final IdentityFiles files;
    private final Runnable restart;
    private @Nullable CertificateRequest request;

    ClaimedCertificate(FleetProvisioning provisioning, Login login, IdentityFiles files, Runnable restart) {
        this.provisioning = provisioning;
        this.login = login;
        this.files = files;
        this.restart = restart;
    }

    @Override
    public String request() throws IOException {
        CertificateRequest made = CertificateRequest.of(login.clientId().value());
        files.keepAside(made);
        request = made;
        return made.text();
    }

    @Override
    public String issue(String text) throws RotationFailedException, InterruptedException {
        CertificateRequest made = request;
        if (made == null || !made.text().equals(text)) {
            throw new IllegalStateException("ask for a request first");
        }
        return provisioning.claim(made, login.clientId(), files::keepAside);
    }

    @Override
    public boolean connects() throws InterruptedException {
        TlsFiles tls = new TlsFiles(login.tls().authority(), files.newCertificate(), files.newKey());
        return ConnectionTrial.works(
                new Login(login.clientId(), login.endpoint(), tls), RotateCertificate.filters(login.clientId()), TRIAL);
    }

    @Override
    public void adopt() throws IOException {
        files.adopt();
    }

    @Override
    public boolean discard() throws IOException {
        return files.discard();
    }

    @Override
    public @Nullable String leftOver() throws IOException {
        return files.leftOver();
    }

    @Override
    public void restart() {
        restart.run();
    }

    @Override
    public boolean uses(String fingerprint) throws IOException {
        return files.uses(fingerprint);
    }

    @Override
    public boolean keeps(String fingerprint) throws IOException {
        return files.keeps(fingerprint);
    }
}
