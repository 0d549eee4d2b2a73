package dev.roundtrip.local.apigateway;

import dev.roundtrip.auth.sigv4.SignedRequest.Header;
import java.util.List;

/** An HTTP answer before it becomes bytes.
 *
 * @param status 200 to 599
 * @param headers what to send beside the headers that every answer has
 * @param body may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // The body is written once and never compared.
record ApiReply(int status, List<Header> headers, byte[] body) {}
