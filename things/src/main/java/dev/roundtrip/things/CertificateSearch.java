package dev.roundtrip.things;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iot.IotClient;
import software.amazon.awssdk.services.iot.model.Certificate;
import software.amazon.awssdk.services.iot.model.CertificateDescription;
import software.amazon.awssdk.services.iot.model.ListCertificatesResponse;
import software.amazon.awssdk.services.iot.model.ResourceNotFoundException;

/** Finds certificates by their keys: those that were asked for, and whose ids did not arrive. */
final class CertificateSearch {
    /** How far the clocks of AWS and this machine may disagree; our choice. */
    private static final Duration CLOCKS = Duration.ofHours(1);

    /** Source: ListCertificates, the highest pageSize. */
    private static final int PAGE = 250;

    /** A million certificates; our choice. */
    private static final int MAX_PAGES = 4_000;

    private final IotClient iot;

    CertificateSearch(IotClient iot) {
        this.iot = iot;
    }

    /** A certificate that the account has. */
    record Found(String id, String pem) {}

    /** The certificates of these keys, by the text of the key. Reads only those that are new enough. */
    Map<String, List<Found>> find(Collection<CertificateRecord> wanted) throws ThingsException {
        Set<String> keys = wanted.stream().map(CertificateRecord::publicKey).collect(Collectors.toSet());
        Instant oldest = wanted.stream()
                .map(CertificateRecord::firstRequest)
                .map(first -> first == null ? Instant.MIN : first.minus(CLOCKS))
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        Map<String, List<Found>> found = new HashMap<>();
        if (keys.isEmpty()) {
            return found;
        }
        @Nullable String marker = null;
        for (int page = 0; page < MAX_PAGES; page++) {
            String from = marker;
            ListCertificatesResponse some =
                    iot.listCertificates(request -> request.pageSize(PAGE).marker(from));
            for (Certificate each : some.certificates()) {
                if (each.creationDate() == null || !each.creationDate().isBefore(oldest)) {
                    read(each.certificateId(), keys, found);
                }
            }
            marker = some.nextMarker();
            if (marker == null || marker.isEmpty()) {
                return found;
            }
        }
        throw new ThingsException("the account has too many certificates to look for one of an earlier run");
    }

    private void read(String id, Set<String> keys, Map<String, List<Found>> found) {
        try {
            CertificateDescription description = iot.describeCertificate(request -> request.certificateId(id))
                    .certificateDescription();
            String key = key(description.certificatePem());
            if (key != null && keys.contains(key)) {
                found.computeIfAbsent(key, none -> new ArrayList<>()).add(new Found(id, description.certificatePem()));
            }
        } catch (ResourceNotFoundException deletedMeanwhile) {
            // Then it is not one of ours.
        }
    }

    private static @Nullable String key(String pem) {
        try {
            return Base64.getEncoder()
                    .encodeToString(CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                            .getPublicKey()
                            .getEncoded());
        } catch (CertificateException unreadable) {
            return null;
        }
    }
}
