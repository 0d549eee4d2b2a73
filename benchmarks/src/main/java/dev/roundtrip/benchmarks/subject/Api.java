package dev.roundtrip.benchmarks.subject;

import dev.roundtrip.local.app.LocalCloud;
import java.io.Serializable;
import java.net.URI;

/** Where signed calls go, and with whose signature. Its text form shows no secret.
 *
 * @param endpoint the URL to call
 * @param accessKeyId names the key
 * @param secretAccessKey signs
 * @param region such as {@code eu-central-1}
 */
public record Api(URI endpoint, String accessKeyId, String secretAccessKey, String region) implements Serializable {

    /** The API of a cloud, with the key that may do everything. */
    public static Api of(LocalCloud cloud) {
        return new Api(
                cloud.apiEndpoint(),
                cloud.state().credentials().accessKeyId(),
                cloud.state().credentials().secretAccessKey(),
                cloud.state().account().region());
    }

    @Override
    public String toString() {
        return "Api[" + endpoint + ", " + accessKeyId + "]";
    }
}
