package dev.roundtrip.mqtt;

import java.net.InetAddress;

/** The permissions of one connection, which change when those of its principal do. Thread-safe. */
final class CurrentPermissions implements Permissions {
    private final Principal principal;
    private final String clientId;
    private final InetAddress source;
    private volatile Known known;

    private record Known(long version, Permissions permissions) {}

    CurrentPermissions(Principal principal, String clientId, InetAddress source) {
        this.principal = principal;
        this.clientId = clientId;
        this.source = source;
        this.known = ask();
    }

    @Override
    public boolean allows(Action action, String resource) {
        return current().allows(action, resource);
    }

    @Override
    public String refusal(Action action, String resource) {
        return current().refusal(action, resource);
    }

    private Permissions current() {
        Known latest = known;
        if (latest.version != principal.version()) {
            latest = ask();
            known = latest;
        }
        return latest.permissions;
    }

    /** The version first: permissions that are newer than their version are asked for once more, older ones would stay.
     */
    private Known ask() {
        long version = principal.version();
        return new Known(version, principal.permissions(clientId, source));
    }
}
