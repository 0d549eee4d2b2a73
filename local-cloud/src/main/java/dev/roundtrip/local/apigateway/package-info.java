/** Stands in for Amazon API Gateway: a REST API with IAM authorization in front of one function. */
@NullMarked
package dev.roundtrip.local.apigateway;

import org.jspecify.annotations.NullMarked;
