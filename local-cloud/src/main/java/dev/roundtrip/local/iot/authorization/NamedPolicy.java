package dev.roundtrip.local.iot.authorization;

import dev.roundtrip.auth.policy.Policy;

/** A policy of AWS IoT.
 *
 * @param name unique in the account
 * @param arn of the policy
 * @param document its default version
 */
public record NamedPolicy(String name, String arn, Policy document) {}
