package dev.roundtrip.local.iot.job;

/** Whether a job runs on things that come into its groups later. */
enum TargetSelection {
    SNAPSHOT,
    CONTINUOUS
}
