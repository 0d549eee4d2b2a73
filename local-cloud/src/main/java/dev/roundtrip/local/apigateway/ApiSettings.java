package dev.roundtrip.local.apigateway;

import dev.roundtrip.local.log.BoundedLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Where the API listens, and as whose it appears.
 *
 * @param address where to listen; port 0 takes any that is free
 * @param region such as {@code eu-central-1}
 * @param accountId the account that the API belongs to, twelve digits
 * @param function the function behind it
 * @param limits what it puts up with
 * @param log takes one JSON object for each answer; called by many threads
 * @param refusals takes those of refusals
 */
public record ApiSettings(
        InetSocketAddress address,
        String region,
        String accountId,
        FunctionSettings function,
        ApiLimits limits,
        Consumer<String> log,
        BoundedLog refusals) {
    static final String API_ID = "local00001";
    static final String STAGE = "Prod";

    /** One that logs nothing. */
    public ApiSettings(
            InetSocketAddress address, String region, String accountId, FunctionSettings function, ApiLimits limits) {
        this(address, region, accountId, function, limits, line -> {}, new BoundedLog(line -> {}));
    }

    /** The same with a log. */
    public ApiSettings withLog(Consumer<String> lines, BoundedLog ofRefusals) {
        return new ApiSettings(address, region, accountId, function, limits, lines, ofRefusals);
    }

    /** On this machine alone, with the limits of AWS. */
    public static ApiSettings loopback(int port, String region, String accountId) {
        return new ApiSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                region,
                accountId,
                FunctionSettings.DEFAULT,
                ApiLimits.AWS);
    }

    /** What a policy names: this method of this resource. */
    String resourceArn(String method, String resource) {
        return "arn:aws:execute-api:" + region + ':' + accountId + ':' + API_ID + '/' + STAGE + '/' + method + resource;
    }
}
