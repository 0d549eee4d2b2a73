package dev.roundtrip.sigv4;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the region to sign for: the option, the environment, the profile, the host name, in this order.
 *
 * @param variables the environment
 * @param configuration where the profile is
 */
record RegionFinder(Map<String, String> variables, AwsConfiguration configuration) {

    /** Hosts of AWS: {@code ….execute-api.REGION.amazonaws.com}, {@code ….iot.REGION.amazonaws.com.cn},
     * {@code ….lambda-url.REGION.on.aws}.
     */
    private static final Pattern AWS_HOST = Pattern.compile(".*\\.(?<region>[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2})"
            + "\\.([a-z0-9.-]+\\.)?(amazonaws\\.[a-z.]+|on\\.aws|api\\.aws)");

    /** A region, and who said so. */
    record Found(String region, String origin) {}

    /** Returns the region.
     *
     * @param option what the command line says, null when it says nothing
     * @throws IllegalArgumentException when nobody knows the region; the message says what to do
     */
    Found find(@Nullable String option, URI uri) {
        if (option != null) {
            return new Found(option, "--region");
        }
        return Stream.of("AWS_REGION", "AWS_DEFAULT_REGION")
                .filter(name -> !variables.getOrDefault(name, "").isBlank())
                .map(name -> new Found(variables.getOrDefault(name, "").strip(), name))
                .findFirst()
                .or(() -> configuration.profileRegion().map(region -> new Found(region, "the profile")))
                .or(() -> ofHost(uri).map(region -> new Found(region, "the host name")))
                .orElseThrow(() -> new IllegalArgumentException(
                        "no region found: neither AWS_REGION, nor the profile, nor the host " + uri.getHost()
                                + " names one; give --region"));
    }

    /** The region that the host's name tells, if it is one of AWS. */
    static Optional<String> ofHost(URI uri) {
        Matcher host = AWS_HOST.matcher(uri.getHost());
        return host.matches() ? Optional.of(host.group("region")) : Optional.empty();
    }
}
