package dev.roundtrip.local.app;

import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** An address of this machine at which other machines reach it, for devices that are boards on a desk.
 *
 * @param address of one of this machine's networks; never a loopback, wildcard or link-local one
 * @param name how it was given: the address itself, or a host name
 */
public record NetworkAddress(InetAddress address, String name) {

    /** Looks an address of this machine up.
     *
     * @param text an IPv4 or IPv6 address, or a host name that stands for one
     * @throws IllegalArgumentException when this machine has no such address; the message lists those that it has
     */
    public static NetworkAddress of(String text) {
        return of(text, ofThisMachine());
    }

    static NetworkAddress of(String text, Set<InetAddress> machine) {
        Optional<InetAddress> found =
                resolved(text).stream().filter(machine::contains).findFirst();
        if (found.isPresent()) {
            return new NetworkAddress(found.get(), text);
        }
        String known =
                machine.stream().map(InetAddress::getHostAddress).sorted().collect(Collectors.joining(", "));
        throw new IllegalArgumentException("'" + text + "' is no address at which other machines reach this one; "
                + (known.isEmpty() ? "it has none" : "it has " + known));
    }

    /** What a text stands for; nothing where nobody knows. */
    private static List<InetAddress> resolved(String text) {
        if (text.isBlank()) {
            // It would stand for the loopback address.
            return List.of();
        }
        try {
            return Arrays.asList(InetAddress.getAllByName(text));
        } catch (UnknownHostException unknown) {
            return List.of();
        }
    }

    /** Those at which other machines may reach this one. */
    static Set<InetAddress> ofThisMachine() {
        Predicate<InetAddress> isReached = address -> !address.isLoopbackAddress()
                && !address.isAnyLocalAddress()
                && !address.isLinkLocalAddress()
                && !address.isMulticastAddress();
        Set<InetAddress> addresses = new LinkedHashSet<>();
        try {
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (network.isUp()) {
                    network.getInterfaceAddresses().stream()
                            .map(InterfaceAddress::getAddress)
                            .filter(isReached)
                            .map(NetworkAddress::withoutScope)
                            .forEach(addresses::add);
                }
            }
        } catch (SocketException unknown) {
            return addresses;
        }
        return addresses;
    }

    /** The address without the network's name that Java gives to each of IPv6. */
    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What the server's certificate must say, so that a device which connects here believes it. */
    List<String> serverNames() {
        List<String> names = new ArrayList<>(List.of(address.getHostAddress()));
        if (!isAddress()) {
            names.add(name);
        }
        return names;
    }

    private boolean isAddress() {
        return name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    }

    /** {@code HOST:PORT} as it was given, for a device. */
    String endpoint(int port) {
        return (name.indexOf(':') >= 0 ? "[" + address.getHostAddress() + "]" : name) + ":" + port;
    }
}
