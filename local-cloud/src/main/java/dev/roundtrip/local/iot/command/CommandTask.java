package dev.roundtrip.local.iot.command;

/** What is to be done for commands at a time. */
enum CommandTask {
    END_TIME,
    FORGET_EXECUTION,
    FORGET_COMMAND
}
