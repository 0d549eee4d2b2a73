package dev.roundtrip.auth.sigv4;

/** Who signed a request.
 *
 * @param accessKeyId the access key's public half
 * @param accountId the account, twelve digits
 * @param userId the unique id of the IAM principal, such as {@code AIDA…}
 * @param arn the ARN of the IAM principal
 */
public record IamIdentity(String accessKeyId, String accountId, String userId, String arn) {}
