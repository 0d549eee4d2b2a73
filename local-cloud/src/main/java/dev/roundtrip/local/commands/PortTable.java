package dev.roundtrip.local.commands;

import dev.roundtrip.cli.TextTable;
import dev.roundtrip.cli.TextTable.Align;
import dev.roundtrip.local.app.LocalCloud;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What listens where in a local cloud, for a person. */
final class PortTable {
    private PortTable() {}

    /** A line for each service, under a line with titles. */
    static List<String> lines(LocalCloud cloud) {
        URI api = cloud.apiEndpoint();
        String gateways = cloud.gatewayEndpoint();
        TextTable table = new TextTable(Align.RIGHT, Align.LEFT, Align.LEFT);
        table.row("Port", "Address", "For");
        row(table, api.getPort(), api.toString(), "calls: HTTP, signed, service execute-api");
        if (gateways == null) {
            row(table, cloud.iotEndpoint(), "devices, at your broker: MQTT over TLS");
            return table.lines();
        }
        row(
                table,
                api.getPort(),
                cloud.servicesEndpoint().toString(),
                "clients of AWS, such as aws iot and aws sts: HTTP, signed");
        row(table, cloud.iotEndpoint(), "devices: MQTT over TLS, with a client certificate");
        row(table, cloud.iotEndpointBeyond(), "devices of other machines: the same");
        row(table, gateways, "the function: MQTT over WebSocket with TLS, signed; clients of AWS");
        return table.lines();
    }

    private static void row(TextTable table, @Nullable String endpoint, String purpose) {
        if (endpoint != null) {
            row(table, Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1)), endpoint, purpose);
        }
    }

    private static void row(TextTable table, int port, String address, String purpose) {
        table.row(Integer.toString(port), address, purpose);
    }
}
