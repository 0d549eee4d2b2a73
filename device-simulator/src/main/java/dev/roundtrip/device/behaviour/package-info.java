/** How a device treats a command: a plan of steps, honest or distorted by faults. Pure; no network. */
@NullMarked
package dev.roundtrip.device.behaviour;

import org.jspecify.annotations.NullMarked;
