package dev.roundtrip.local.sts;

import dev.roundtrip.auth.sigv4.IamIdentity;
import dev.roundtrip.local.http.HttpLimits;
import dev.roundtrip.local.http.HttpReply;
import dev.roundtrip.local.http.QueryXml;
import dev.roundtrip.local.http.operation.Operation;
import dev.roundtrip.local.http.operation.OperationRequest;
import dev.roundtrip.local.http.operation.OperationTable;
import dev.roundtrip.local.http.operation.Protocol;
import dev.roundtrip.local.http.operation.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The operations of AWS Security Token Service. Source: service model {@code sts-2011-06-15}. */
public final class SecurityTokens {
    /** The signing name of AWS's clients; the log calls the service so. */
    public static final String SIGNING_NAME = "sts";

    private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

    /** Our choice: the form of the one operation that is served has two short parameters. */
    private static final HttpLimits LIMITS = new HttpLimits(8 * 1024, 16 * 1024, 16 * 1024);

    private static final List<String> UNSERVED = List.of(
            "AssumeRole",
            "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity",
            "AssumeRoot",
            "DecodeAuthorizationMessage",
            "GetAccessKeyInfo",
            "GetDelegatedAccessToken",
            "GetFederationToken",
            "GetSessionToken",
            "GetWebIdentityToken");

    private SecurityTokens() {}

    /** The operations. */
    public static OperationTable operations() {
        return new OperationTable(
                "AWS Security Token Service",
                "sts-2011-06-15",
                Set.of(SIGNING_NAME),
                LIMITS,
                Protocol.QUERY,
                Stream.concat(
                                Stream.of(Operation.permitted(
                                        "GetCallerIdentity", "POST /", SecurityTokens::callerIdentity)),
                                UNSERVED.stream().map(name -> Operation.unserved(name, "POST /")))
                        .toList());
    }

    /** AWS asks no policy: whoever signs may know who that is. */
    private static HttpReply callerIdentity(OperationRequest request) throws Refusal {
        IamIdentity caller = request.caller();
        Map<String, String> result = new LinkedHashMap<>();
        result.put("Arn", caller.arn());
        result.put("UserId", caller.userId());
        result.put("Account", caller.accountId());
        return QueryXml.ok("GetCallerIdentity", NAMESPACE, result, request.id());
    }
}
