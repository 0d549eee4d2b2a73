package dev.roundtrip.local.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where processes listen, as the kernel of Linux lists it. */
final class Listeners {
    private static final String LISTENING = "0A";

    private Listeners() {}

    /** Where a process and those that it has started listen.
     *
     * @return {@code ADDRESS:PORT} in numbers; an IPv4 address also where the socket is one of IPv6
     */
    static List<String> of(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .flatMap(one -> ofPid(one.pid()).stream())
                .toList();
    }

    private static List<String> ofPid(long pid) {
        try {
            Set<String> sockets = sockets(pid);
            return Stream.of("tcp", "tcp6")
                    .flatMap(table -> lines(Path.of("/proc/" + pid + "/net/" + table)))
                    .map(line -> line.trim().split("\\s+", -1))
                    .filter(columns ->
                            columns.length > 9 && columns[3].equals(LISTENING) && sockets.contains(columns[9]))
                    .map(columns -> endpoint(columns[1]))
                    .toList();
        } catch (IOException ended) {
            return List.of();
        }
    }

    private static Set<String> sockets(long pid) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors
                    .map(Listeners::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring(8, target.length() - 1))
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream();
        } catch (IOException ended) {
            return Stream.of();
        }
    }

    /** The kernel writes each 32 bits of an address in the processor's order. */
    private static String endpoint(String local) {
        String[] parts = local.split(":", 2);
        byte[] address = HexFormat.of().parseHex(parts[0]);
        StringBuilder text = new StringBuilder();
        int first = address.length == 16 && parts[0].startsWith("0000000000000000FFFF0000") ? 12 : 0;
        for (int word = first; word < address.length; word += 4) {
            for (int index = 3; index >= 0; index--) {
                text.append(text.isEmpty() ? "" : ".").append(address[word + index] & 0xff);
            }
        }
        return text.append(':').append(Integer.parseInt(parts[1], 16)).toString();
    }
}
