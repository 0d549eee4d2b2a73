package dev.roundtrip.local.http;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;

/** Answers in the shape of AWS's protocol {@code rest-xml}, which Amazon S3 speaks. */
public final class RestXml {
    private static final String REQUEST_ID = "x-amz-request-id";

    private RestXml() {}

    /** A refusal.
     *
     * @param code the error's name in the protocol, such as {@code NoSuchBucket}
     * @param message for the sender
     */
    public static HttpReply refused(int status, String code, String message, String requestId) {
        return new Xml()
                .begin("Error")
                .element("Code", code)
                .element("Message", message)
                .element("RequestId", requestId)
                .end("Error")
                .reply(status, new Header("content-type", "application/xml"), new Header(REQUEST_ID, requestId));
    }
}
