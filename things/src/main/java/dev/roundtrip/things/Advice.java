package dev.roundtrip.things;

import dev.roundtrip.cli.Printable;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Says what to do about a failure of the SDK. */
final class Advice {
    private static final int MAX_SHOWN = 500;
    private static final String LOCAL = "; for the local cloud run . .local-cloud/env";
    private static final Set<String> DENIALS =
            Set.of("AccessDenied", "AccessDeniedException", "ForbiddenException", "UnauthorizedException");
    private static final Set<String> WRONG_CREDENTIALS = Set.of(
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException");

    private Advice() {}

    /** One sentence, without a full stop. */
    static String of(SdkException failure) {
        String said = String.valueOf(failure.getMessage());
        if (failure instanceof AwsServiceException refusal) {
            return ofService(refusal);
        }
        if (said.contains("Unable to load region")) {
            return "there is no region: set AWS_REGION, or region in the profile of AWS_PROFILE" + LOCAL;
        }
        if (said.contains("Unable to load credentials")) {
            return "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE" + LOCAL;
        }
        return shown(said.replaceFirst(" \\(SDK Attempt Count: [0-9]+\\)", ""))
                + ": start the local cloud with bin/local-cloud start; on AWS check the network, and"
                + " AWS_ENDPOINT_URL_IOT and AWS_ENDPOINT_URL_STS where they are set";
    }

    private static String ofService(AwsServiceException refusal) {
        AwsErrorDetails details = refusal.awsErrorDetails();
        if (details == null || details.errorCode() == null) {
            return "status " + refusal.statusCode() + " from " + String.valueOf(refusal.getMessage());
        }
        String what = details.errorCode() + ": " + shown(String.valueOf(details.errorMessage()));
        if (DENIALS.contains(details.errorCode())) {
            return what + "; things/README.md has the IAM policy that allows what is needed";
        }
        if (WRONG_CREDENTIALS.contains(details.errorCode())) {
            return what + "; the credentials do not count here: check AWS_PROFILE or AWS_ACCESS_KEY_ID, and the region";
        }
        return what;
    }

    private static String shown(String text) {
        return Printable.cut(Printable.of(text), MAX_SHOWN);
    }
}
