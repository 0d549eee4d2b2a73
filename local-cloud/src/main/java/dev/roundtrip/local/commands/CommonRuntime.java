package dev.roundtrip.local.commands;

import software.amazon.awssdk.crt.CRT;
import software.amazon.awssdk.crt.io.ClientBootstrap;
import software.amazon.awssdk.crt.io.EventLoopGroup;
import software.amazon.awssdk.crt.io.HostResolver;

/** What all MQTT clients of this process share: the threads of the AWS Common Runtime.
 *
 * <p>A process that ends without closing it is held up for two seconds, while the Common Runtime waits for its own
 * threads; and once the JVM shuts down, clients could not say goodbye any more.
 */
final class CommonRuntime implements AutoCloseable {
    CommonRuntime() {
        CRT.acquireShutdownRef();
    }

    /** To be called when every client is closed. */
    @Override
    public void close() {
        ClientBootstrap.closeStaticDefault();
        HostResolver.closeStaticDefault();
        EventLoopGroup.closeStaticDefault();
        CRT.releaseShutdownRef();
    }
}
