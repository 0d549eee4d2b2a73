package dev.roundtrip.mqtt;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** What a broker is built from.
 *
 * @param tls who it is
 * @param authentication who may come in
 * @param deviceAddress where devices connect over mutual TLS; port 0 takes any
 * @param furtherDeviceHosts further addresses of this machine where devices connect, on the port of the first; may be
 *     empty
 * @param gatewayAddress where gateways connect over signed WebSockets; port 0 takes any
 * @param limits the limits of AWS IoT Core
 * @param timeouts how long clients may take that are not authenticated
 * @param clock the time
 * @param threads event loops, 1 or more; they do everything
 * @param lifecycle makes what is told of connections and subscriptions
 * @param unheard whether publishers are told that nobody listens
 * @param log is told of connections and refusals
 * @param messages is told what becomes of each message
 * @param retained where retained messages outlive the broker
 */
public record BrokerSettings(
        TlsMaterial tls,
        Authentication authentication,
        InetSocketAddress deviceAddress,
        List<InetAddress> furtherDeviceHosts,
        InetSocketAddress gatewayAddress,
        BrokerLimits limits,
        Timeouts timeouts,
        BrokerClock clock,
        int threads,
        LifecycleListener.Factory lifecycle,
        Unheard unheard,
        ConnectionLog log,
        MessageListener messages,
        RetainedStore retained) {
    public BrokerSettings {
        furtherDeviceHosts = List.copyOf(furtherDeviceHosts);
    }

    /** What the PUBACK of a message says for which there is no subscription. */
    public enum Unheard {
        /** Success, as AWS IoT Core does. */
        UNTOLD,
        /** "No matching subscribers", 0x10, as MQTT 5 permits. */
        TOLD
    }

    /** Any two ports of the loopback address, the limits of the local cloud, one event loop for every two processors,
     * which leaves the others to clients and devices.
     */
    public static BrokerSettings of(TlsMaterial tls, Authentication authentication) {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new BrokerSettings(
                tls,
                authentication,
                anyPort,
                List.of(),
                anyPort,
                BrokerLimits.local(),
                Timeouts.DEFAULT,
                BrokerClock.system(),
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                (publisher, clock) -> LifecycleListener.NONE,
                Unheard.UNTOLD,
                ConnectionLog.NONE,
                MessageListener.NONE,
                RetainedStore.NONE);
    }

    /** The same with another address for devices. */
    public BrokerSettings withDeviceAddress(InetSocketAddress other) {
        return new BrokerSettings(
                tls,
                authentication,
                other,
                furtherDeviceHosts,
                gatewayAddress,
                limits,
                timeouts,
                clock,
                threads,
                lifecycle,
                unheard,
                log,
                messages,
                retained);
    }

    /** The same with further addresses for devices. */
    public BrokerSettings withFurtherDeviceHosts(List<InetAddress> other) {
        return new BrokerSettings(
                tls,
                authentication,
                deviceAddress,
                other,
                gatewayAddress,
                limits,
                timeouts,
                clock,
                threads,
                lifecycle,
                unheard,
                log,
                messages,
                retained);
    }

    /** The same with another address for gateways. */
    public BrokerSettings withGatewayAddress(InetSocketAddress other) {
        return new BrokerSettings(
                tls,
                authentication,
                deviceAddress,
                furtherDeviceHosts,
                other,
                limits,
                timeouts,
                clock,
                threads,
                lifecycle,
                unheard,
                log,
                messages,
                retained);
    }

    /** The same with other limits. */
    public BrokerSettings withLimits(BrokerLimits other) {
        return new BrokerSettings(
                tls,
                authentication,
                deviceAddress,
                furtherDeviceHosts,
                gatewayAddress,
                other,
                timeouts,
                clock,
                threads,
                lifecycle,
                unheard,
                log,
                messages,
                retained);
    }

    /** The same with other timeouts. */
    public BrokerSettings withTimeouts(Timeouts other) {
        return new BrokerSettings(
                tls,
                authentication,
                deviceAddress,
                furtherDeviceHosts,
                gatewayAddress,
                limits,
                other,
                clock,
                threads,
                lifecycle,
                unheard,
                log,
                messages,
                retained);
    }

    /** The same with another clock. */
    public BrokerSettings withClock(BrokerClock other) {
        return new BrokerSettings(
                tls,
                authentication,
                deviceAddress,
                furtherDeviceHosts,
                gatewayAddress,
                limits,
                timeouts,
                other,
                threads,
                lifecycle,
                unheard,
                log,
                messages,
                retained);
    }

    /** The same with another number of event loops. */
    public BrokerSettings withThreads(int other) {
        return new BrokerSettings(
                tls,
                authentication,
                deviceAddress,
                furtherDeviceHosts,
                gatewayAddress,
                limits,
                timeouts,
                clock,
                other,
                lifecycle,
                unheard,
                log,
                messages,
                retained);
    }

    /** The same with another listener. */
    public BrokerSettings withLifecycle(LifecycleListener.Factory other) {
        return new BrokerSettings(
                tls,
                authentication,
                deviceAddress,
                furtherDeviceHosts,
                gatewayAddress,
                limits,
                timeouts,
                clock,
                threads,
                other,
                unheard,
                log,
                messages,
                retained);
    }

    /** The same with another word on messages that nobody hears. */
    public BrokerSettings withUnheard(Unheard other) {
        return new BrokerSettings(
                tls,
                authentication,
                deviceAddress,
                furtherDeviceHosts,
                gatewayAddress,
                limits,
                timeouts,
                clock,
                threads,
                lifecycle,
                other,
                log,
                messages,
                retained);
    }

    /** The same with another log. */
    public BrokerSettings withLog(ConnectionLog other) {
        return new BrokerSettings(
                tls,
                authentication,
                deviceAddress,
                furtherDeviceHosts,
                gatewayAddress,
                limits,
                timeouts,
                clock,
                threads,
                lifecycle,
                unheard,
                other,
                messages,
                retained);
    }

    /** The same, and something else is told of messages. */
    public BrokerSettings withMessages(MessageListener other) {
        return new BrokerSettings(
                tls,
                authentication,
                deviceAddress,
                furtherDeviceHosts,
                gatewayAddress,
                limits,
                timeouts,
                clock,
                threads,
                lifecycle,
                unheard,
                log,
                other,
                retained);
    }

    /** The same with another store of retained messages. */
    public BrokerSettings withRetained(RetainedStore other) {
        return new BrokerSettings(
                tls,
                authentication,
                deviceAddress,
                furtherDeviceHosts,
                gatewayAddress,
                limits,
                timeouts,
                clock,
                threads,
                lifecycle,
                unheard,
                log,
                messages,
                other);
    }
}
