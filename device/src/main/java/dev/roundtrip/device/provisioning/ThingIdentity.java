package dev.roundtrip.device.provisioning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roundtrip.device.operation.CertificateRequest;
import dev.roundtrip.device.operation.IdentityFiles;
import dev.roundtrip.device.provisioning.ClaimConnection.Signed;
import dev.roundtrip.device.store.DurableFiles;
import dev.roundtrip.protocol.Json;
import dev.roundtrip.protocol.MalformedJsonException;
import dev.roundtrip.protocol.MalformedNameException;
import dev.roundtrip.protocol.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The identity of a thing in a directory: {@code thing.json}, {@code certificate.pem} and {@code private.key}, which
 * their owner alone can read. The thing's file is written when the new certificate and key are there and the service
 * has registered them: from then on the identity counts, and before it does not. One process at a time.
 */
final class ThingIdentity {
    private final Path directory;
    private final Path thing;
    private final Path token;
    private final IdentityFiles files;

    /** A thing, as the service registered it. */
    record Registered(Target name, Map<String, String> configuration) {}

    ThingIdentity(Path directory) {
        this.directory = directory;
        this.thing = directory.resolve("thing.json");
        this.token = directory.resolve("claim.token");
        this.files = new IdentityFiles(directory.resolve("certificate.pem"), directory.resolve("private.key"));
    }

    IdentityFiles files() {
        return files;
    }

    /** Finishes what a power cut has interrupted.
     *
     * @return the thing; null when there is no identity yet
     * @throws IOException when there is one that cannot be used
     */
    @Nullable Registered find() throws IOException {
        files.recover();
        DurableFiles.discardUnfinished(thing);
        DurableFiles.discardUnfinished(token);
        boolean isThere = Files.exists(files.certificate()) || Files.exists(files.key());
        if (!Files.exists(thing)) {
            if (isThere) {
                throw new IOException(directory + " has a certificate or a key that provisioning did not put there:"
                        + " give an empty directory");
            }
            return null;
        }
        DurableFiles.delete(token);
        if (!Files.exists(files.certificate()) || !Files.exists(files.key())) {
            files.adopt();
        }
        return read();
    }

    /** Keeps a new key aside, in place of what was kept before. */
    void keepAside(CertificateRequest request) throws IOException {
        DurableFiles.delete(token);
        files.keepAside(request);
    }

    /** Keeps the certificate for that key aside, before it is registered: an answer that is lost is asked for again. */
    void keepAside(Signed signed) throws IOException {
        files.keepAside(signed.pem());
        DurableFiles.write(token, signed.token().getBytes(StandardCharsets.UTF_8));
    }

    /** What is kept aside and perhaps registered; null when there is nothing. */
    @Nullable Signed kept() throws IOException {
        return Files.exists(token) && Files.exists(files.newCertificate()) && Files.exists(files.newKey())
                ? new Signed(Files.readString(files.newCertificate()), Files.readString(token))
                : null;
    }

    /** Makes the new certificate and key, which are kept aside, the identity of this thing. */
    void become(Registered registered) throws IOException {
        ObjectNode text = Json.object().put("thingName", registered.name().value());
        ObjectNode configuration = text.putObject("deviceConfiguration");
        registered.configuration().forEach(configuration::put);
        DurableFiles.write(thing, Json.write(text));
        DurableFiles.delete(token);
        files.adopt();
    }

    private Registered read() throws IOException {
        try {
            return registered(Json.read(Files.readAllBytes(thing)));
        } catch (MalformedJsonException | MalformedNameException damaged) {
            throw new IOException(thing + " does not name a thing");
        }
    }

    /** @throws MalformedNameException when no device can have the thing's name */
    static Registered registered(JsonNode answer) {
        Map<String, String> configuration = new LinkedHashMap<>();
        answer.path("deviceConfiguration")
                .properties()
                .forEach(member ->
                        configuration.put(member.getKey(), member.getValue().asText()));
        return new Registered(new Target(answer.path("thingName").asText()), configuration);
    }
}
