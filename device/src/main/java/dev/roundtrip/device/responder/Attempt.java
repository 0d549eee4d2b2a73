package dev.roundtrip.device.responder;

import dev.roundtrip.device.method.Call;
import dev.roundtrip.device.method.DeviceMethod;
import dev.roundtrip.device.method.MethodFailedException;
import dev.roundtrip.device.method.RefusedException;
import dev.roundtrip.device.store.Outcome;
import dev.roundtrip.protocol.DeviceError;
import dev.roundtrip.protocol.DeviceRefusal;
import dev.roundtrip.protocol.JsonText;

/** What became of calling a method. */
sealed interface Attempt {

    /** It ran. */
    record Ran(Outcome outcome) implements Attempt {}

    /** It did nothing, and refused the call. */
    record Refused(DeviceRefusal refusal) implements Attempt {}

    /** Calls the method. Whatever the method does, something becomes of it.
     *
     * @throws InterruptedException when the device is being closed, or the method throws one of its own
     */
    static Attempt of(DeviceMethod method, JsonText request, Call call) throws InterruptedException {
        try {
            return new Ran(new Outcome.Returned(method.run(request, call)));
        } catch (MethodFailedException expected) {
            return new Ran(new Outcome.Failed(expected.error()));
        } catch (RefusedException refused) {
            return new Refused(refused.refusal());
        } catch (RuntimeException | Error bug) {
            return new Ran(new Outcome.Failed(DeviceError.asFarAsReadable(
                    "internal", "the method broke: " + bug.getClass().getName())));
        }
    }
}
