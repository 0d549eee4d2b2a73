package dev.roundtrip.local.iot.job;

/** A job template of the account. Immutable.
 *
 * @param document in JSON
 * @param createdAt in milliseconds since the epoch
 */
record JobTemplate(String id, String description, String document, JobConfigs configs, long createdAt) {}
