package dev.roundtrip.invoke;

/** Who a caller is, as the API says. Keys belong to it: callers with the same principal share their keys.
 *
 * @param account the AWS account of the caller; empty when the API does not say
 * @param name the Cognito identity, else the id of the IAM user or role
 */
public record Principal(String account, String name) {}
