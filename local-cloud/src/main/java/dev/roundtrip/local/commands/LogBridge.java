package dev.roundtrip.local.commands;

import dev.roundtrip.local.log.Event;
import dev.roundtrip.local.log.LogLine;
import dev.roundtrip.local.log.LogLine.Level;
import dev.roundtrip.local.log.Member;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.charset.StandardCharsets;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/** While it is open, whatever this process would write to standard error is a line of the log: what libraries log by
 * {@code java.util.logging} (Netty, the JDK, and this program's own {@code System.Logger}), what ends a thread, and
 * what is printed to {@code System.err}.
 *
 * <p>Only the virtual machine's own last words, on a crash say, still go there as they are.
 */
final class LogBridge implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final Handler[] handlersBefore = root.getHandlers();
    private final @Nullable UncaughtExceptionHandler uncaughtBefore = Thread.getDefaultUncaughtExceptionHandler();
    private final PrintStream errorsBefore = System.err;
    private final Handler handler;

    LogBridge(JsonLog log) {
        this.handler = new Lines(log);
        for (Handler before : handlersBefore) {
            root.removeHandler(before);
        }
        root.addHandler(handler);
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> log.accept(LogLine.of(Level.ERROR, Event.DEFECT)
                .with(Member.THREAD, thread.getName())
                .with(Member.TRACE, failure)
                .toString()));
        System.setErr(new PrintStream(new Printed(log), true, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        System.setErr(errorsBefore);
        Thread.setDefaultUncaughtExceptionHandler(uncaughtBefore);
        root.removeHandler(handler);
        for (Handler before : handlersBefore) {
            root.addHandler(before);
        }
    }

    /** What is logged. Its level is what the handlers before it had at the least: the loggers decide. */
    private static final class Lines extends Handler {
        private final Formatter formatter = new SimpleFormatter();
        private final JsonLog log;

        Lines(JsonLog log) {
            this.log = log;
            setLevel(
                    LogManager.getLogManager().getProperty("java.util.logging.config.file") == null
                            ? java.util.logging.Level.INFO
                            : java.util.logging.Level.ALL);
        }

        @Override
        public void publish(LogRecord logged) {
            if (!isLoggable(logged)) {
                return;
            }
            LogLine line = LogLine.of(level(logged), Event.LOG)
                    .with(Member.LOGGER, logged.getLoggerName())
                    .with(Member.MESSAGE, String.valueOf(formatter.formatMessage(logged)));
            Throwable thrown = logged.getThrown();
            log.accept((thrown == null ? line : line.with(Member.TRACE, thrown)).toString());
        }

        private static Level level(LogRecord logged) {
            int level = logged.getLevel().intValue();
            if (level >= java.util.logging.Level.SEVERE.intValue()) {
                return Level.ERROR;
            }
            return level >= java.util.logging.Level.WARNING.intValue() ? Level.WARN : Level.INFO;
        }

        @Override
        public void flush() {
            // The log writes by itself.
        }

        @Override
        public void close() {
            // The log is closed by its owner.
        }
    }

    /** What is printed, line by line. */
    private static final class Printed extends OutputStream {
        /** A longer line is cut into several. */
        private static final int MAX_BYTES = 8192;

        private final JsonLog log;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Printed(JsonLog log) {
            this.log = log;
        }

        @Override
        public synchronized void write(int single) {
            if (single != '\n') {
                line.write(single);
            }
            if (single == '\n' || line.size() >= MAX_BYTES) {
                String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
                line.reset();
                if (!text.isEmpty()) {
                    log.write(LogLine.ofOutput("local-cloud", text));
                }
            }
        }
    }
}
