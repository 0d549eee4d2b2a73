package dev.roundtrip.device.transport;

import java.nio.file.Path;

/** What a device trusts, and how it proves who it is. All PEM.
 *
 * @param authority the certificates of the authority that signed the broker's
 * @param certificate the device's own
 * @param key its private key
 */
public record TlsFiles(Path authority, Path certificate, Path key) {}
