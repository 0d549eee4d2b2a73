/** Implements an Amazon API Gateway REST API with IAM authorization. The REST API invokes one function. */
@NullMarked
package dev.roundtrip.local.apigateway;

import org.jspecify.annotations.NullMarked;
