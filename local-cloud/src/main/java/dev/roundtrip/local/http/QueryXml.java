package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.util.Map;

/** Answers in the shape of AWS's protocol {@code query}, which STS speaks. */
public final class QueryXml {
    private static final String REQUEST_ID = "x-amzn-RequestId";

    private QueryXml() {}

    /** Success.
     *
     * @param action the operation, such as {@code GetCallerIdentity}
     * @param namespace the service's XML namespace
     * @param result the members of the result, in their order
     */
    public static HttpReply ok(String action, String namespace, Map<String, String> result, String requestId) {
        Xml xml =
                new Xml().begin(action + "Response xmlns=\"" + namespace + '"').begin(action + "Result");
        result.forEach(xml::element);
        return xml.end(action + "Result")
                .begin("ResponseMetadata")
                .element("RequestId", requestId)
                .end("ResponseMetadata")
                .end(action + "Response")
                .reply(200, new Header(REQUEST_ID, requestId));
    }

    /** A refusal.
     *
     * @param code the error's name in the protocol, such as {@code InvalidClientTokenId}
     * @param message for the sender
     */
    public static HttpReply refused(int status, String code, String message, String requestId) {
        return new Xml()
                .begin("ErrorResponse")
                .begin("Error")
                .element("Type", status < 500 ? "Sender" : "Receiver")
                .element("Code", code)
                .element("Message", message)
                .end("Error")
                .element("RequestId", requestId)
                .end("ErrorResponse")
                .reply(status, new Header(REQUEST_ID, requestId));
    }
}
