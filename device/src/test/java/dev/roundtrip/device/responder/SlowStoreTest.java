package dev.roundtrip.device.responder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roundtrip.device.store.Entry;
import dev.roundtrip.protocol.AnswerMessage;
import dev.roundtrip.protocol.DeviceMemory.Replay;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A device whose memory card takes its time. */
@Timeout(30)
class SlowStoreTest {
    private final SlowJournal journal = new SlowJournal();

    private Shop shop() throws Exception {
        return new Shop(() -> journal);
    }

    @Test
    void sync_that_takes_long_holds_up_no_other_call() throws Exception {
        try (Shop shop = shop()) {
            Request keyed = Request.of("work").key("order-1");
            Request plain = Request.of("work");
            shop.ask(keyed);
            shop.ask(plain);
            journal.stick();
            Request stuck = shop.send(Request.of("work").key("order-2").sequence(1));
            await().until(() -> journal.syncs.size() == 3);

            assertThat(shop.ask(Request.of("work"))).isInstanceOf(AnswerMessage.Answered.class);
            shop.forget(plain);
            assertThat(shop.ask(plain)).isInstanceOf(AnswerMessage.Answered.class);
            assertThat(shop.ask(keyed.again()).memory().replay()).isEqualTo(Replay.REPLAYED);
            assertThat(shop.ask(Request.of("work").key("order-1", "another")))
                    .isInstanceOf(AnswerMessage.Refused.class);
            assertThat(shop.ask(Request.of("lane.get").with("work"))).isInstanceOf(AnswerMessage.Answered.class);
            assertThat(shop.isAnswered(stuck)).isFalse();

            journal.letOneEnd();
            journal.letOneEnd();
            assertThat(shop.answer(stuck)).isInstanceOf(AnswerMessage.Answered.class);
        }
    }

    @Test
    void method_begins_after_its_own_entry_is_synced_and_all_that_wait_are_synced_together() throws Exception {
        try (Shop shop = shop()) {
            journal.stick();
            Request first = shop.send(Request.of("hold").key("first"));
            await().until(() -> journal.syncs.size() == 1);
            List<Request> others = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                others.add(shop.send(Request.of("hold").key("other-" + i)));
            }
            await().until(() -> shop.responder().ledger().waitingForTheJournal() == 50);
            assertThat(shop.work).isEmpty();

            journal.letOneEnd();

            await().until(() -> journal.syncs.size() == 2);
            assertThat(journal.syncs.getLast()).hasSize(50).allMatch(Entry.Begun.class::isInstance);
            await().until(() -> shop.work.size() == 1);

            journal.letOneEnd();

            await().until(() -> shop.work.size() == 51);
            shop.letGo();
            for (int i = 0; i < 51; i++) {
                journal.letOneEnd();
            }
            assertThat(shop.answer(first)).isInstanceOf(AnswerMessage.Answered.class);
            for (Request other : others) {
                assertThat(shop.answer(other)).isInstanceOf(AnswerMessage.Answered.class);
            }
        }
    }

    @Test
    void counters_are_told_when_they_are_synced() throws Exception {
        try (Shop shop = shop()) {
            journal.stick();
            Request stuck = shop.send(Request.of("work").sequence(7));
            await().until(() -> journal.syncs.size() == 1);

            assertThat(shop.responder().ledger().lanes()).isEmpty();

            journal.letOneEnd();
            journal.letOneEnd();
            shop.answer(stuck);
            assertThat(shop.responder().ledger().lanes()).hasSize(1);
        }
    }
}
