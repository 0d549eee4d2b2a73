package dev.roundtrip.device.provisioning;

import dev.roundtrip.device.transport.Answer;
import dev.roundtrip.device.transport.CrtNetwork;
import dev.roundtrip.device.transport.DeviceTransport;
import dev.roundtrip.device.transport.TransportException;
import dev.roundtrip.device.transport.TransportListener;
import java.time.Duration;

/** A connection that has event loops of its own, which end with it. */
record OwnNetwork(CrtNetwork network, DeviceTransport transport) implements DeviceTransport {

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
        network.close();
    }
}
