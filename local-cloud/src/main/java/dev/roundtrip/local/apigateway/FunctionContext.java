package dev.roundtrip.local.apigateway;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import org.jspecify.annotations.Nullable;

/** What AWS Lambda tells a function about its call.
 *
 * @param awsRequestId the id of this invocation
 * @param deadlineNanos when it is over, on the scale of {@link System#nanoTime()}
 */
record FunctionContext(ApiSettings settings, String awsRequestId, long deadlineNanos) implements Context {

    @Override
    public String getAwsRequestId() {
        return awsRequestId;
    }

    @Override
    public String getLogGroupName() {
        return "/aws/lambda/" + getFunctionName();
    }

    @Override
    public String getLogStreamName() {
        return "local/[$LATEST]";
    }

    @Override
    public String getFunctionName() {
        return settings.function().name();
    }

    @Override
    public String getFunctionVersion() {
        return "$LATEST";
    }

    @Override
    public String getInvokedFunctionArn() {
        return "arn:aws:lambda:" + settings.region() + ":" + settings.accountId() + ":function:" + getFunctionName();
    }

    @Override
    public @Nullable CognitoIdentity getIdentity() {
        return null;
    }

    @Override
    public @Nullable ClientContext getClientContext() {
        return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
        long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        return Math.clamp(millis, 0, Integer.MAX_VALUE);
    }

    @Override
    public int getMemoryLimitInMB() {
        return settings.function().memoryMegabytes();
    }

    @Override
    public LambdaLogger getLogger() {
        return settings.function().logger();
    }
}
