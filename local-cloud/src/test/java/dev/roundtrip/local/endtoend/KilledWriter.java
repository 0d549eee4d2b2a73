package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What one writer was told, over all kills. Its own thread writes; between kills the test reads. */
final class KilledWriter {
    private final String name;
    private final KillableWriter writer;
    private final Random random;
    private Map<String, String> known = new TreeMap<>();

    /** The request whose answer never came. */
    private KillableWriter.@Nullable Write unanswered;

    private int acknowledged;

    KilledWriter(String name, KillableWriter writer, long seed) {
        this.name = name;
        this.writer = writer;
        this.random = new Random(seed ^ name.hashCode());
    }

    /** Takes what is there for what it knows. */
    void begin() throws Exception {
        known = new TreeMap<>(writer.read());
    }

    /** Writes until an answer does not come.
     *
     * @param writes counts what is acknowledged
     * @return what was refused, which nothing should be; null when nothing was
     */
    @Nullable Exception writeUntilKilled(CountDownLatch writes) {
        while (true) {
            KillableWriter.Write write = writer.next(known, random);
            unanswered = write;
            try {
                write.request().send();
            } catch (AwsServiceException | KillableWriter.RefusedException refused) {
                return new IllegalStateException(name + ": " + write.name() + " was refused", refused);
            } catch (Exception killed) { // whatever the client says of a connection that ended
                return null;
            }
            acknowledged++;
            writes.countDown();
            known = new TreeMap<>(write.after());
            unanswered = null;
        }
    }

    /** Demands that everything acknowledged is there, and that what was not answered is there wholly or not at all. */
    void judge() throws Exception {
        Map<String, String> found = new TreeMap<>(writer.read());
        KillableWriter.Write doubtful = unanswered;
        if (doubtful == null || !found.equals(new TreeMap<>(doubtful.after()))) {
            assertThat(found)
                    .as(
                            "%s after %s acknowledged writes, with '%s' unanswered, which makes %s",
                            name,
                            acknowledged,
                            doubtful == null ? "nothing" : doubtful.name(),
                            doubtful == null ? "nothing" : doubtful.after())
                    .isEqualTo(known);
        }
        known = found;
        unanswered = null;
    }

    int acknowledged() {
        return acknowledged;
    }

    @Override
    public String toString() {
        return name + ": " + acknowledged;
    }
}
