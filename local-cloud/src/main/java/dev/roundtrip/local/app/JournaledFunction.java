package dev.roundtrip.local.app;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import dev.roundtrip.local.journal.Entry;
import dev.roundtrip.local.journal.Recorder;
import dev.roundtrip.local.journal.Step;

/** Records the calls of a function in this process. Thread-safe. */
record JournaledFunction(
        RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> function, Recorder journal)
        implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {

    @Override
    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event, Context context) {
        String requestId = context.getAwsRequestId();
        journal.record(new Entry(Step.HANDED_OVER, null, requestId));
        try {
            return function.handleRequest(event, context);
        } catch (RuntimeException | Error failed) {
            // The message may quote the payload.
            String why = "the function failed: " + failed.getClass().getName();
            journal.record(new Entry(Step.FUNCTION_FAILED, null, requestId).detail(why));
            throw failed;
        }
    }
}
