package dev.roundtrip.things;

import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.device.transport.Delivery;
import dev.roundtrip.device.transport.Endpoint;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TrustProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** The connections of many things, which share what can be shared. */
final class ThingFleet implements AutoCloseable {
    /** How many connect at once: brokers limit the rate of new connections; our choice. */
    private static final int WAVE = 50;

    /** A policy that was just attached may take its time; our choice. */
    private static final Duration CONNECT = Duration.ofSeconds(30);

    private static final Duration PROBE = Duration.ofSeconds(5);

    /** Hears nothing of what a sender does not need. */
    private static final ConnectedThing.Listener DEAF = new ConnectedThing.Listener() {
        @Override
        public void connected() {}

        @Override
        public void lost(String reason) {}

        @Override
        public void received(Delivery message) {}
    };

    private final CrtNetwork network;
    private final List<ConnectedThing> things = new ArrayList<>();

    private ThingFleet(CrtNetwork network) {
        this.network = network;
    }

    /** Connects all of them.
     *
     * @param progress hears how many are connected
     * @throws ThingsException when one cannot be; the others are closed again
     */
    static ThingFleet connect(List<ThingLogin> logins, IntConsumer progress)
            throws ThingsException, InterruptedException {
        return connect(logins, DEAF, progress);
    }

    /** The same, with somebody who hears of each. */
    static ThingFleet connect(List<ThingLogin> logins, ConnectedThing.Listener listener, IntConsumer progress)
            throws ThingsException, InterruptedException {
        requireTrust(logins.getFirst().login());
        ThingFleet fleet = new ThingFleet(network(logins.getFirst().login().endpoint()));
        try {
            for (int from = 0; from < logins.size(); from += WAVE) {
                fleet.wave(logins.subList(from, Math.min(from + WAVE, logins.size())), listener, progress);
            }
            return fleet;
        } catch (ThingsException | InterruptedException | RuntimeException failed) {
            fleet.end(fleet.network::abandon);
            throw failed;
        }
    }

    /** DescribeEndpoint names one host for all protocols. Where it says a port, that port tells them apart as AWS's
     * port 443 does; else it is the port of MQTT.
     */
    private static CrtNetwork network(Endpoint endpoint) {
        return endpoint.port() == Endpoint.DEFAULT_PORT ? new CrtNetwork() : CrtNetwork.askingForMqtt();
    }

    /** The runtime is silent about a certificate that is not trusted for up to 30 s. */
    private static void requireTrust(Login login) throws ThingsException {
        Optional<String> complaint = TrustProbe.complaint(login, PROBE);
        if (complaint.isPresent()) {
            throw new ThingsException(
                    complaint.get().replace("give the right CA file", "give the right file with --ca or IOT_CA"));
        }
    }

    private void wave(List<ThingLogin> logins, ConnectedThing.Listener listener, IntConsumer progress)
            throws ThingsException, InterruptedException {
        int first = things.size();
        for (ThingLogin login : logins) {
            things.add(new ConnectedThing(network, login, listener));
        }
        for (int i = first; i < things.size(); i++) {
            things.get(i).awaitConnected(CONNECT);
            progress.accept(i + 1);
        }
    }

    List<ConnectedThing> things() {
        return List.copyOf(things);
    }

    @Override
    public void close() {
        end(network::close);
    }

    private void end(Runnable closeNetwork) {
        List<Thread> closing = things.stream()
                .map(thing -> Thread.ofVirtual().start(thing::close))
                .toList();
        try {
            for (Thread one : closing) {
                one.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        closeNetwork.run();
    }
}
