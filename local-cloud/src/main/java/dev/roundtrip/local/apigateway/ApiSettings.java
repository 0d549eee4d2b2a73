package dev.roundtrip.local.apigateway;

import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.log.BoundedLog;
import java.util.function.Consumer;

/** As whose the API appears, and what it puts up with.
 *
 * @param region such as {@code eu-central-1}
 * @param accountId the account that the API belongs to, twelve digits
 * @param function the function behind it
 * @param limits what it puts up with
 * @param log takes one JSON object for each answer; called by many threads
 * @param refusals takes those of refusals
 * @param journal takes the steps of each request
 */
public record ApiSettings(
        String region,
        String accountId,
        FunctionSettings function,
        ApiLimits limits,
        Consumer<String> log,
        BoundedLog refusals,
        Recorder journal) {
    static final String API_ID = "local00001";
    static final String STAGE = "Prod";

    /** One that logs nothing and records nothing. */
    public ApiSettings(String region, String accountId, FunctionSettings function, ApiLimits limits) {
        this(region, accountId, function, limits, line -> {}, new BoundedLog(line -> {}), Recorder.NONE);
    }

    /** The same with a log. */
    public ApiSettings withLog(Consumer<String> lines, BoundedLog ofRefusals) {
        return new ApiSettings(region, accountId, function, limits, lines, ofRefusals, journal);
    }

    /** The same with a journal. */
    public ApiSettings withJournal(Recorder other) {
        return new ApiSettings(region, accountId, function, limits, log, refusals, other);
    }

    /** With the limits of AWS. */
    public static ApiSettings of(String region, String accountId) {
        return new ApiSettings(region, accountId, FunctionSettings.DEFAULT, ApiLimits.AWS);
    }

    /** What a policy names: this method of this resource. */
    String resourceArn(String method, String resource) {
        return "arn:aws:execute-api:" + region + ':' + accountId + ':' + API_ID + '/' + STAGE + '/' + method + resource;
    }
}
