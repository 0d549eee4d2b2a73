package dev.roundtrip.local.lambda;

/** What an execution environment does between calls. */
public enum Idleness {
    /** It runs on, as on AWS Lambda Managed Instances. */
    AWAKE,
    /** It is stopped with its last answer and continued with the next call, as on AWS Lambda; its peers are not. */
    FROZEN
}
