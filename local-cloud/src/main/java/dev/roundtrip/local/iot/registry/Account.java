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

    public String certificateArn(String id) {
        return iotArn("cert/" + id);
    }

    public String policyArn(String name) {
        return iotArn("policy/" + name);
    }

    /** The id in the ARN of a certificate of this account and region; null when it is no such ARN. */
    public @Nullable String certificateId(String arn) {
        String prefix = certificateArn("");
        String id = arn.startsWith(prefix) ? arn.substring(prefix.length()) : "";
        return CERTIFICATE_ID.matcher(id).matches() ? id : null;
    }

    /** Whether an ARN is one of AWS IoT in this account and region. */
    boolean isOurs(String arn) {
        return arn.startsWith(iotArn(""));
    }
}
