package dev.roundtrip.simulator;

import dev.roundtrip.device.DeviceSettings;
import dev.roundtrip.device.NotReadyException;
import dev.roundtrip.device.transport.CrtNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Many simulated devices in one process; they share event loops and, where their files are the same, the TLS context.
 * Thread-safe.
 */
public final class Fleet implements AutoCloseable {
    /** How many connect at once: brokers limit the rate of new connections. */
    private static final int WAVE = 50;

    private final CrtNetwork network = new CrtNetwork();
    private final List<Device> devices = new ArrayList<>();

    private Fleet() {}

    /** Connects all of them, in waves, and returns when every one is ready.
     *
     * @param settings one for each device; names must differ, because a broker keeps one connection for each
     * @param character how each of them behaves, and who hears of it
     * @param atMost for each wave
     * @throws NotReadyException when one cannot become ready; the others are closed again
     * @throws InterruptedException when the thread is interrupted; those connected are closed again
     */
    public static Fleet connect(List<DeviceSettings> settings, DeviceCharacter character, Duration atMost)
            throws NotReadyException, InterruptedException {
        Fleet fleet = new Fleet();
        try {
            for (int from = 0; from < settings.size(); from += WAVE) {
                fleet.wave(settings.subList(from, Math.min(from + WAVE, settings.size())), character, atMost);
            }
            return fleet;
        } catch (NotReadyException | InterruptedException | RuntimeException failed) {
            fleet.end(fleet.network::abandon);
            throw failed;
        }
    }

    private void wave(List<DeviceSettings> settings, DeviceCharacter character, Duration atMost)
            throws NotReadyException, InterruptedException {
        int first = devices.size();
        for (DeviceSettings one : settings) {
            devices.add(Device.connect(network, one, character));
        }
        for (Device device : devices.subList(first, devices.size())) {
            device.awaitReady(atMost);
        }
    }

    /** The devices, in the order of their settings. */
    public List<Device> devices() {
        return List.copyOf(devices);
    }

    /** What happened so far, to all together. */
    public DeviceCounters counters() {
        return devices.stream().map(Device::counters).reduce(DeviceCounters.ZERO, DeviceCounters::plus);
    }

    /** Closes every device, all at once, then what they share. */
    @Override
    public void close() {
        end(network::close);
    }

    private void end(Runnable network) {
        List<Thread> closing = devices.stream()
                .map(device -> Thread.ofVirtual().start(device::close))
                .toList();
        try {
            for (Thread one : closing) {
                one.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        network.run();
    }
}
