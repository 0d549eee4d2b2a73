package dev.roundtrip.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.local.app.LocalCloudSettings;
import dev.roundtrip.local.endtoend.EventClient.Read;
import dev.roundtrip.local.http.HttpStream;
import dev.roundtrip.local.journal.Journal;
import dev.roundtrip.local.journal.JournalSettings;
import dev.roundtrip.local.journal.Masks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream of events promises over connections that break, rings that go round, and clients of any kind. */
class EventStreamIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CALLS = 60;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path state;

    private @Nullable TestCloud open;

    @AfterEach
    void stop() {
        if (open != null) {
            open.close();
        }
    }

    private TestCloud start(UnaryOperator<LocalCloudSettings> change) throws Exception {
        TestCloud cloud = TestCloud.start(state, change);
        open = cloud;
        cloud.device("pump");
        return cloud;
    }

    private static JournalSettings journal(int entries) {
        return new JournalSettings(new Journal.Bounds(entries, 1 << 20), Masks.NONE);
    }

    private static void call(TestCloud cloud, String request) throws Exception {
        assertThat(cloud.get("target=pump&method=echo&request=" + request + "&timeout=10")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void stream_that_breaks_again_and_again_loses_nothing_and_doubles_nothing() throws Exception {
        TestCloud cloud = start(UnaryOperator.identity());
        OwnApi api = new OwnApi(cloud);
        Random random = new Random(7);
        List<String> read = new ArrayList<>();
        List<String> made = new ArrayList<>();
        String after;
        try (EventClient first = EventClient.open(api, "kind=call", null)) {
            after = first.firstId(); // Broken before any event.
        }
        for (int number = 0; number < CALLS; number++) {
            call(cloud, "hi");
        }
        api.get("calls?limit=1000")
                .path("calls")
                .forEach(call -> made.add(call.path("id").asText()));
        while (read.size() < CALLS) {
            try (EventClient client = EventClient.open(api, "kind=call", after)) {
                for (int i = random.nextInt(8); i >= 0 && read.size() < CALLS; i--) {
                    Read event = client.next();
                    assertThat(event.kind()).isEqualTo("call");
                    read.add(event.data().path("id").asText());
                }
                after = client.id();
            }
        }

        assertThat(read).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void what_the_ring_has_lost_is_told_as_a_gap() throws Exception {
        TestCloud cloud = start(settings -> settings.withJournal(journal(64)));
        for (int number = 0; number < CALLS; number++) {
            call(cloud, "hi");
        }
        Journal journal = Objects.requireNonNull(cloud.cloud().journal());

        try (EventClient client = EventClient.open(new OwnApi(cloud), "kind=message", "1.0")) {
            Read gap = client.next();

            assertThat(gap.kind()).isEqualTo("gap");
            assertThat(gap.data().path("lost").asLong()).isBetween(1L, journal.first());
            assertThat(client.next().kind()).isEqualTo("message");
        }
    }

    @Test
    void id_of_a_cloud_that_ran_before_begins_at_the_oldest_entry() throws Exception {
        TestCloud cloud = start(UnaryOperator.identity());
        call(cloud, "hi");

        try (EventClient client = EventClient.open(new OwnApi(cloud), "kind=call", "999999999.999999")) {
            assertThat(client.next().data().path("target").asText()).isEqualTo("pump");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.", ".1", "1.2.3", "-1.0", "x.y", "1.0 ", "9999999999999999999.0", "1,0", "%31.0"})
    void id_that_is_none_is_refused(String id) throws Exception {
        TestCloud cloud = start(UnaryOperator.identity());
        try (EventClient client = EventClient.open(new OwnApi(cloud), "kind=call", id)) {
            assertThat(client.status()).isEqualTo(id.isBlank() || id.equals("1.0 ") ? 200 : 400);
        }
    }

    @Test
    void client_of_http_1_0_gets_no_chunks() throws Exception {
        TestCloud cloud = start(UnaryOperator.identity());
        try (EventClient client = EventClient.open(new OwnApi(cloud), "kind=call", null)) {
            assertThat(client.head())
                    .noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("transfer-encoding"));
            client.firstId();
            call(cloud, "hi");
            assertThat(client.next().data().path("status").asInt()).isEqualTo(200);
        }
    }

    @Test
    void lines_of_the_log_are_a_stream_that_goes_on_where_the_list_ends() throws Exception {
        TestCloud cloud = start(UnaryOperator.identity());
        OwnApi api = new OwnApi(cloud);
        call(cloud, "one");
        var list = api.get("logs?limit=1000");
        int known = list.path("lines").size();
        call(cloud, "two"); // Between the list and the stream.

        try (EventClient client =
                EventClient.open(api, "kind=log", list.path("id").asText())) {
            Read first = client.next();
            assertThat(first.kind()).isEqualTo("log");
            String expected =
                    api.get("logs?limit=1000").path("lines").path(known).asText();
            assertThat(expected).contains(first.data().path("requestId").asText());
        }
    }

    @Test
    void masked_values_are_in_no_event() throws Exception {
        TestCloud cloud = start(settings ->
                settings.withJournal(JournalSettings.DEFAULT.withMasks(Masks.of(List.of("/request", "/response")))));
        try (EventClient client = EventClient.open(new OwnApi(cloud), "kind=message", null)) {
            client.firstId();
            call(cloud, "geheim");
            boolean answered = false;
            while (!answered) {
                Read event = client.next();
                assertThat(event.data().toString()).doesNotContain("geheim");
                answered = event.data().path("step").asText().equals("published")
                        && event.data().path("subject").asText().endsWith("/ack");
            }
        }
    }

    @Test
    void client_that_does_not_read_is_held_at_a_bound() throws Exception {
        TestCloud cloud = start(settings -> settings.withJournal(journal(256)));
        OwnApi api = new OwnApi(cloud);
        String big = "x".repeat(2_000);
        try (EventClient client = EventClient.open(api, "kind=message", null)) {
            client.firstId();
            long bytes = 0;
            while (bytes < 24L * HttpStream.MAX_WAITING_BYTES) { // More than stream and sockets hold.
                call(cloud, big);
                bytes += 4L * big.length();
            }
            // What was not read in time has left the ring, and the client is told.
            Read event = client.next();
            for (int i = 0; !event.kind().equals("gap") && i < 100_000; i++) {
                event = client.next();
            }
            assertThat(event.kind()).isEqualTo("gap");
        }
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(api.get("status").path("streams").asInt()).isZero());
    }

    @Test
    void cloud_without_a_journal_streams_its_log_alone() throws Exception {
        TestCloud cloud = start(settings -> settings.withJournal(JournalSettings.OFF));
        OwnApi api = new OwnApi(cloud);
        try (EventClient calls = EventClient.open(api, "kind=call", null);
                EventClient log = EventClient.open(api, "kind=log", null)) {
            assertThat(calls.status()).isEqualTo(409);
            assertThat(log.status()).isEqualTo(200);
        }
        assertThat(api.send(api.request("calls").build()).statusCode()).isEqualTo(409);
        assertThat(api.send(api.request("calls/last").build()).statusCode()).isEqualTo(409);
        assertThat(api.get("status").path("journal").isNull()).isTrue();
    }
}
