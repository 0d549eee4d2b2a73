package dev.roundtrip.invoke.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roundtrip.invoke.Clocks;
import dev.roundtrip.invoke.InvocationResult;
import dev.roundtrip.invoke.dataplane.DataPlane.Again;
import dev.roundtrip.invoke.dataplane.DataPlane.Answered;
import dev.roundtrip.invoke.dataplane.DataPlane.Asked;
import dev.roundtrip.invoke.dataplane.DataPlane.Connected;
import dev.roundtrip.invoke.dataplane.DataPlane.Connection;
import dev.roundtrip.invoke.dataplane.DataPlane.Disconnected;
import dev.roundtrip.invoke.dataplane.DataPlane.SessionFate;
import dev.roundtrip.invoke.dataplane.DataPlane.Unanswered;
import dev.roundtrip.invoke.dataplane.DataPlane.Unknown;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When it is certain that a device will not get a message. */
class PresenceReportTest {
    private static final Instant BROKER_TIME = Instant.parse("2026-11-21T08:00:10Z");
    private static final Asked<List<String>> NOT_TOLD = new Unanswered<>("refused", Again.NEVER);
    private static final Clocks.Moment SENT = new Clocks.Moment(1_000_000_000_000L, 1_000_000_000_000L);

    /** An answer that came two seconds after the message was sent. */
    private static <T> Asked<T> told(T answer, @Nullable Instant brokerTime) {
        return told(answer, brokerTime, Duration.ofSeconds(2), Duration.ofSeconds(2));
    }

    private static <T> Asked<T> told(T answer, @Nullable Instant brokerTime, Duration byTheWall, Duration monotonic) {
        Clocks.Moment heardAt =
                new Clocks.Moment(SENT.wallMillis() + byTheWall.toMillis(), SENT.nanos() + monotonic.toNanos());
        return new Answered<>(answer, brokerTime, heardAt);
    }

    private static PresenceReport gone(Instant since, SessionFate session, Asked<List<String>> filters) {
        return new PresenceReport(
                told((Connection) new Disconnected(since, "CONNECTION_LOST", session), BROKER_TIME), filters);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T07:59:00Z, true",
        "2026-11-21T08:00:06.999Z, true",
        // With a second for clocks that differ, it may have left after the message was sent.
        "2026-11-21T08:00:07Z, false",
        "2026-11-21T08:00:08Z, false",
        "2026-11-21T08:00:09.500Z, false",
        "2026-11-21T09:00:00Z, false"
    })
    void device_that_left_before_the_message_was_sent_never_gets_it(Instant since, boolean certain) {
        assertThat(gone(since, SessionFate.ENDED, NOT_TOLD).provesThatItNeverArrives(SENT))
                .isEqualTo(certain);
    }

    @Test
    void session_that_waits_may_get_it() {
        Instant longAgo = BROKER_TIME.minusSeconds(60);

        assertThat(gone(longAgo, SessionFate.MAY_WAIT, NOT_TOLD).provesThatItNeverArrives(SENT))
                .isFalse();
        assertThat(gone(longAgo, SessionFate.MAY_WAIT, told(List.of("pump/#"), BROKER_TIME))
                        .provesThatItNeverArrives(SENT))
                .isFalse();
        assertThat(gone(longAgo, SessionFate.MAY_WAIT, told(List.of(), BROKER_TIME))
                        .provesThatItNeverArrives(SENT))
                .isTrue();
    }

    @Test
    void unknown_device_never_gets_it_unless_something_waits() {
        Asked<Connection> unknown = told(new Unknown(), null);

        assertThat(new PresenceReport(unknown, told(List.of(), null)).provesThatItNeverArrives(SENT))
                .isTrue();
        assertThat(new PresenceReport(unknown, told(List.of("pump/#"), null)).provesThatItNeverArrives(SENT))
                .isFalse();
        assertThat(new PresenceReport(unknown, NOT_TOLD).provesThatItNeverArrives(SENT))
                .isFalse();
    }

    @Test
    void nothing_is_certain_without_the_brokers_time_or_its_answer() {
        Connection gone = new Disconnected(BROKER_TIME.minusSeconds(60), null, SessionFate.ENDED);
        Connection sometime = new Disconnected(null, null, SessionFate.ENDED);

        assertThat(new PresenceReport(told(gone, null), NOT_TOLD).provesThatItNeverArrives(SENT))
                .isFalse();
        assertThat(new PresenceReport(told(sometime, BROKER_TIME), NOT_TOLD).provesThatItNeverArrives(SENT))
                .isFalse();
        assertThat(new PresenceReport(told((Connection) new Connected(), BROKER_TIME), told(List.of(), null))
                        .provesThatItNeverArrives(SENT))
                .isFalse();
        assertThat(PresenceReport.none("silence").provesThatItNeverArrives(SENT))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "PT2S, PT2S, true",
        // Frozen for an hour: the device may have got the message, and left half an hour ago.
        "PT1H, PT0S, false",
        "PT0S, PT1H, false",
        // The clock on the wall was set far forward, or back.
        "PT876000H, PT2S, false",
        "PT-1H, PT2S, false",
        "PT-1H, PT0S, false"
    })
    void nothing_is_certain_after_a_freeze_whichever_clock_stood_still(
            Duration byTheWall, Duration monotonic, boolean certain) {
        Connection gone = new Disconnected(BROKER_TIME.minusSeconds(60), null, SessionFate.ENDED);
        Asked<Connection> connection = told(gone, BROKER_TIME, byTheWall, monotonic);

        assertThat(new PresenceReport(connection, NOT_TOLD).provesThatItNeverArrives(SENT))
                .isEqualTo(certain);
    }

    @ParameterizedTest
    @CsvSource({"PT1799S, PT1S, false", "PT1798S, PT1S, true", "PT1S, PT1799S, false", "PT-1H, PT0S, false"})
    void device_that_got_the_message_before_a_freeze_may_be_forgotten_since(
            Duration byTheWall, Duration monotonic, boolean certain) {
        Asked<Connection> unknown = told(new Unknown(), BROKER_TIME, byTheWall, monotonic);

        assertThat(new PresenceReport(unknown, told(List.of(), BROKER_TIME)).provesThatItNeverArrives(SENT))
                .isEqualTo(certain);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T08:00:12Z, true",
        "2026-11-21T08:00:12.001Z, false",
        "+292278994-08-17T07:12:55Z, false",
        "1970-01-01T00:00:00.001Z, true"
    })
    void offline_says_no_time_that_has_not_come_yet(Instant since, boolean said) {
        InvocationResult.Offline offline =
                gone(since, SessionFate.ENDED, NOT_TOLD).offline();

        assertThat(offline).isEqualTo(new InvocationResult.Offline(said ? since : null, "CONNECTION_LOST"));
    }

    @Test
    void offline_says_since_when_and_why_where_that_is_known() {
        Instant since = BROKER_TIME.minusSeconds(60);

        assertThat(gone(since, SessionFate.ENDED, NOT_TOLD).offline())
                .isEqualTo(new InvocationResult.Offline(since, "CONNECTION_LOST"));
        assertThat(PresenceReport.none("silence").offline()).isEqualTo(new InvocationResult.Offline(null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "pump/#, true",
        "pump/+/gw/+, true",
        "$share/group/pump/#, true",
        "#, true",
        "pump/open/gw/1/#, false",
        "pump/+, false",
        "pum/#, false",
        "$share/pump, false",
        "pump/open/gw/1, true",
        "pump/open/gw/12, false"
    })
    void device_is_ready_when_it_listens(String filter, boolean ready) {
        Asked<List<String>> filters = told(List.of("other", filter), null);

        assertThat(new PresenceReport(told((Connection) new Connected(), null), filters).isReadyFor("pump/open/gw/1"))
                .isEqualTo(ready);
        assertThat(new PresenceReport(told((Connection) new Unknown(), null), filters).isReadyFor("pump/open/gw/1"))
                .isFalse();
    }
}
