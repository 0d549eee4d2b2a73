/** Stands in for Amazon API Gateway: a REST API with IAM authorization in front of one function. */
@NullMarked
package dev.roundtrip.local.api;

import org.jspecify.annotations.NullMarked;
