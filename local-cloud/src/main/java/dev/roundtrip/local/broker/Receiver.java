package dev.roundtrip.local.broker;

/** Whom a matching filter stands for. */
sealed interface Receiver permits Subscription, SharedGroup {}
