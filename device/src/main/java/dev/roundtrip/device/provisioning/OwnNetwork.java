package dev.roundtrip.device.provisioning;

import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.CrtMqtt5Transport;
import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.device.transport.DeviceTransport;
import dev.roundtrip.device.transport.Login;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.transport.TransportListener;
import java.time.Duration;

/** A connection that has event loops of its own, which end with it. */
record OwnNetwork(CrtNetwork network, DeviceTransport transport) implements DeviceTransport {

    /** Makes both, for MQTT 5.
     *
     * @throws TransportException when the certificates cannot be used
     */
    static DeviceTransport open(Login login) throws TransportException {
        CrtNetwork network = new CrtNetwork();
        try {
            return new OwnNetwork(network, new CrtMqtt5Transport(network, login));
        } catch (TransportException | RuntimeException unusable) {
            network.close();
            throw unusable;
        }
    }

    @Override
    public void start(TransportListener listener) {
        transport.start(listener);
    }

    @Override
    public void subscribe(String filter, Duration atMost) throws TransportException, InterruptedException {
        transport.subscribe(filter, atMost);
    }

    @Override
    public void publish(Answer answer, Duration atMost) throws TransportException, InterruptedException {
        transport.publish(answer, atMost);
    }

    @Override
    public void close() {
        transport.close();
        // What stood was ended in order; of what did not, the runtime frees the rest by itself.
        network.abandon();
    }
}
