package dev.roundtrip.local.iot.registry;

import dev.roundtrip.local.store.StateException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The account and region that the local cloud plays, and the names of resources in them.
 *
 * @param region for example {@code us-east-1}
 */
public record Account(String region) {
    /** The one account there is. */
    public static final String ID = "000000000000";

    /** The region where none is given. */
    public static final String DEFAULT_REGION = "us-east-1";

    private static final String CERTIFICATE = "cert/";
    private static final Pattern CERTIFICATE_ID = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,32}");

    public static Account of(String region) throws StateException {
        if (!REGION.matcher(region).matches()) {
            throw new StateException("the region must be like us-east-1, but is '" + region + "'");
        }
        return new Account(region);
    }

    /** The ARN of a resource of AWS IoT Core.
     *
     * @param resource for example {@code topic/a/b}, {@code client/dev1} or {@code topicfilter/a/#}
     */
    public String iotArn(String resource) {
        return "arn:aws:iot:" + region + ":" + ID + ":" + resource;
    }

    public String thingArn(String name) {
        return iotArn("thing/" + name);
    }

    public String thingTypeArn(String name) {
        return iotArn("thingtype/" + name);
    }

    public String certificateArn(String id) {
        return iotArn(certificate(id));
    }

    public String policyArn(String name) {
        return iotArn("policy/" + name);
    }

    /** The resource of an ARN of this account and region, such as {@code cert/…}: what is kept, for the region may
     * change. Null when it is no such ARN.
     */
    @Nullable String resource(String arn) {
        String prefix = iotArn("");
        return arn.startsWith(prefix) ? arn.substring(prefix.length()) : null;
    }

    /** The id in the ARN of a certificate of this account and region; null when it is no such ARN. */
    public @Nullable String certificateId(String arn) {
        String resource = resource(arn);
        return resource == null ? null : certificateOf(resource);
    }

    /** The resource of a certificate. */
    static String certificate(String id) {
        return CERTIFICATE + id;
    }

    /** The id of the certificate that a resource is; null when it is none. */
    static @Nullable String certificateOf(String resource) {
        String id = resource.startsWith(CERTIFICATE) ? resource.substring(CERTIFICATE.length()) : "";
        return CERTIFICATE_ID.matcher(id).matches() ? id : null;
    }
}
