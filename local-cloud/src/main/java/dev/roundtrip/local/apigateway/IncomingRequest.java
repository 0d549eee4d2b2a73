package dev.roundtrip.local.apigateway;

import dev.roundtrip.auth.sigv4.SignedRequest;

/** A whole request and where it came from.
 *
 * @param request as it stood on the wire
 * @param sourceIp the other end's address
 * @param ids what it is known by
 */
record IncomingRequest(SignedRequest request, String sourceIp, RequestIds ids) {}
