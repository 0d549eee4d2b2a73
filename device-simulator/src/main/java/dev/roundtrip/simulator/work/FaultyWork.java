package dev.roundtrip.simulator.work;

import dev.roundtrip.device.command.ExecutionHandler;
import dev.roundtrip.device.command.ExecutionResult;
import dev.roundtrip.device.job.JobHandler;
import dev.roundtrip.device.job.JobResult;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Has a fault where a device carries out jobs and commands. Thread-safe; one for each device, so that the power goes
 * once.
 */
final class FaultyWork {
    private static final int ALL = 100;

    private final WorkFault fault;
    private final Power power;
    private final AtomicBoolean isCut = new AtomicBoolean();

    FaultyWork(WorkFault fault, Power power) {
        this.fault = fault;
        this.power = power;
    }

    JobHandler job(JobHandler honest) {
        return execution -> switch (fault.kind()) {
            case NONE -> honest.handle(execution);
            case SLOW -> {
                Thread.sleep(fault.number());
                yield honest.handle(execution);
            }
            case FAIL -> JobResult.failed("this device was told to fail");
            case SILENT -> {
                forever();
                yield JobResult.stopped();
            }
            case POWER_CUT, REBOOT -> honest.handle(new PoweredExecution(execution, this::report));
        };
    }

    ExecutionHandler command(ExecutionHandler honest) {
        return execution -> switch (fault.kind()) {
            case NONE, POWER_CUT -> honest.handle(execution);
            case SLOW -> {
                Thread.sleep(fault.number());
                yield honest.handle(execution);
            }
            case FAIL -> ExecutionResult.failed("TOLD_TO_FAIL", "this device was told to fail");
            case SILENT -> {
                forever();
                yield ExecutionResult.failed("STOPPED", "the device was closed");
            }
            case REBOOT -> {
                cut();
                yield honest.handle(execution);
            }
        };
    }

    /** A job says how far it is; when that is far enough, the power goes. */
    private boolean report(Map<String, String> details, Report report) throws InterruptedException {
        if (!isFar(details) || !isCut.compareAndSet(false, true)) {
            return report.send();
        }
        if (fault.moment() == WorkFault.Moment.DURING) {
            Thread.ofVirtual().name("report-under-way").start(() -> sendUnheard(report));
        }
        boolean isKnown = fault.moment().compareTo(WorkFault.Moment.AFTER) >= 0 && report.send();
        power.cycle();
        if (fault.moment() != WorkFault.Moment.LATER) {
            forever();
        }
        return isKnown;
    }

    private boolean isFar(Map<String, String> details) {
        String percent = details.getOrDefault("percent", "");
        return fault.kind() == WorkFault.Kind.REBOOT
                || (percent.matches("[0-9]{1,3}") && Math.min(Integer.parseInt(percent), ALL) >= fault.number());
    }

    private static void sendUnheard(Report report) {
        try {
            var unused = report.send();
        } catch (InterruptedException off) {
            Thread.currentThread().interrupt();
        }
    }

    private void cut() throws InterruptedException {
        if (isCut.compareAndSet(false, true)) {
            power.cycle();
            forever();
        }
    }

    /** Until the thread is interrupted. */
    private static void forever() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /** Sends a report, or takes the power away before, meanwhile or afterwards. */
    @FunctionalInterface
    interface Reporter {
        /** @return whether the service has it
         * @throws InterruptedException when the power is gone
         */
        boolean report(Map<String, String> details, Report report) throws InterruptedException;
    }

    /** A report of a job. */
    @FunctionalInterface
    interface Report {
        /** @return whether the service has it */
        boolean send() throws InterruptedException;
    }
}
