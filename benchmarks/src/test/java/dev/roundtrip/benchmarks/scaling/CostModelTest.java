package dev.roundtrip.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Reckoned by hand, from the price list. */
class CostModelTest {
    private static final Offset<Double> EXACTLY = within(1e-9);
    private static final Workload ONE_GIGABYTE_SECOND = new Workload(Duration.ofSeconds(1), 1024, 1000);

    private static Assumptions assuming(long requestBytes, long answerBytes) {
        return new Assumptions(Duration.ofMillis(100), Duration.ZERO, 1000, 0.5, requestBytes, answerBytes, 1500);
    }

    private static final CostModel MODEL = new CostModel(PriceList.LISTED, assuming(1024, 1024));

    @Test
    void warm_calls_pay_for_the_wait_and_seven_messages() {
        Bill bill = MODEL.bill(Pattern.PER_CALL, ONE_GIGABYTE_SECOND);

        assertThat(bill.usd(Bill.Item.API)).isEqualTo(3.50);
        assertThat(bill.usd(Bill.Item.FUNCTION_REQUESTS)).isEqualTo(0.20);
        assertThat(bill.usd(Bill.Item.COMPUTE)).isCloseTo(13.3334, EXACTLY);
        // Half busy: two seconds of connection for each second of work.
        assertThat(bill.usd(Bill.Item.CONNECTIVITY)).isCloseTo(2.0 / 60 * 0.08, EXACTLY);
        assertThat(bill.usd(Bill.Item.CONNECT)).isCloseTo(0.001, EXACTLY);
        assertThat(bill.usd(Bill.Item.SUBSCRIBE)).isCloseTo(1.001, EXACTLY);
        assertThat(bill.usd(Bill.Item.PUBLISHES)).isEqualTo(2.00);
        assertThat(bill.usd(Bill.Item.DELIVERIES)).isEqualTo(2.00);
        assertThat(bill.usd(Bill.Item.ACKNOWLEDGEMENTS)).isEqualTo(2.00);
        assertThat(bill.usd(Bill.Item.DIRECT)).isZero();
        assertThat(bill.usd(Bill.Item.RULES)).isZero();
        assertThat(bill.usd(Bill.Item.LOGS)).isCloseTo(0.75, EXACTLY);
        assertThat(bill.total()).isCloseTo(24.788066666666666, EXACTLY);
    }

    @Test
    void connecting_for_each_call_adds_two_messages_a_minute_and_its_own_time() {
        Bill bill = MODEL.bill(Pattern.CONNECT_PER_CALL, ONE_GIGABYTE_SECOND);

        assertThat(bill.usd(Bill.Item.COMPUTE)).isCloseTo(1.1 * 13.3334, EXACTLY);
        assertThat(bill.usd(Bill.Item.CONNECTIVITY)).isCloseTo(0.08, EXACTLY);
        assertThat(bill.usd(Bill.Item.CONNECT)).isEqualTo(1.00);
        assertThat(bill.usd(Bill.Item.SUBSCRIBE)).isEqualTo(1.00);
        assertThat(bill.total()).isCloseTo(3.50 + 0.20 + 14.66674 + 0.08 + 2 + 6 + 0.75, EXACTLY);
    }

    @Test
    void instance_saves_the_subscribe_of_each_call_and_nothing_else() {
        Bill perCall = MODEL.bill(Pattern.PER_CALL, ONE_GIGABYTE_SECOND);
        Bill instance = MODEL.bill(Pattern.INSTANCE, ONE_GIGABYTE_SECOND);

        assertThat(perCall.usd(Bill.Item.SUBSCRIBE) - instance.usd(Bill.Item.SUBSCRIBE))
                .isCloseTo(1.00, EXACTLY);
        assertThat(perCall.total() - instance.total()).isCloseTo(1.00, EXACTLY);
        assertThat(Quota.SUBSCRIBES.demand(MODEL, Pattern.INSTANCE, ONE_GIGABYTE_SECOND))
                .isCloseTo(1, EXACTLY);
    }

    @Test
    void managed_instances_are_paid_by_the_hour_and_not_by_the_wait() {
        Bill bill = MODEL.bill(Pattern.MANAGED, ONE_GIGABYTE_SECOND);

        // 1,000 calls/s that wait a second, 32 threads half used: 63 environments, for 3.6 million calls an hour.
        assertThat(MODEL.sizing(ONE_GIGABYTE_SECOND)).isEqualTo(new Sizing(40, 63));
        assertThat(bill.usd(Bill.Item.COMPUTE)).isCloseTo(63 * 0.0408 * 1.15 / 3.6, EXACTLY);
        assertThat(bill.usd(Bill.Item.SUBSCRIBE)).isCloseTo(0.001, EXACTLY);
    }

    @Test
    void fast_devices_make_the_connection_the_limit_of_managed_instances() {
        Workload fast = new Workload(Duration.ofMillis(10), 1024, 1000);

        assertThat(MODEL.sizing(fast)).isEqualTo(new Sizing(40, 1));
        assertThat(MODEL.sizing(fast).environments()).isEqualTo(40);
        assertThat(MODEL.sizing(fast.withCallsPerSecond(1)).environments()).isEqualTo(3);
    }

    @Test
    void direct_message_is_paid_instead_of_one_publish_and_its_delivery() {
        CostModel half = new CostModel(new PriceList(Map.of(Price.DIRECT_MESSAGE, 0.50)), MODEL.assumptions());

        Bill bill = half.bill(Pattern.DIRECT, ONE_GIGABYTE_SECOND);

        assertThat(bill.usd(Bill.Item.DIRECT)).isEqualTo(0.50);
        assertThat(bill.usd(Bill.Item.PUBLISHES)).isEqualTo(1.00);
        assertThat(bill.usd(Bill.Item.DELIVERIES)).isEqualTo(1.00);
        assertThat(bill.usd(Bill.Item.ACKNOWLEDGEMENTS)).isEqualTo(2.00);
        // At the assumed price nothing changes hands.
        assertThat(MODEL.bill(Pattern.DIRECT, ONE_GIGABYTE_SECOND).total())
                .isCloseTo(MODEL.bill(Pattern.PER_CALL, ONE_GIGABYTE_SECOND).total(), EXACTLY);
    }

    @Test
    void large_messages_count_once_for_every_five_kilobytes() {
        CostModel large = new CostModel(PriceList.LISTED, assuming(5 * 1024, 5 * 1024 + 1));

        Bill published = large.bill(Pattern.PER_CALL, ONE_GIGABYTE_SECOND);
        Bill direct = large.bill(Pattern.DIRECT, ONE_GIGABYTE_SECOND);

        assertThat(published.usd(Bill.Item.PUBLISHES)).isEqualTo(1.00 + 2.00);
        assertThat(published.usd(Bill.Item.DELIVERIES)).isEqualTo(1.00 + 2.00);
        assertThat(direct.usd(Bill.Item.PUBLISHES)).isEqualTo(2.00);
        assertThat(direct.usd(Bill.Item.DIRECT)).isEqualTo(2.00);
    }

    @Test
    void million_devices_for_a_month() {
        // 43,200 minutes each, at 0.08 for a million.
        assertThat(MODEL.monthlyConnectivity(1_000_000)).isCloseTo(3456, EXACTLY);
    }

    @Test
    void quotas_end_the_growth_where_they_are_divided_by_the_demand_of_one_call() {
        Workload one = new Workload(Duration.ofSeconds(2), 512, 1);

        assertThat(Quota.CONCURRENCY.demand(MODEL, Pattern.PER_CALL, one)).isCloseTo(2, EXACTLY);
        assertThat(Quota.CONCURRENCY.demand(MODEL, Pattern.MANAGED, one)).isZero();
        assertThat(Quota.SUBSCRIBES.demand(MODEL, Pattern.PER_CALL, one)).isCloseTo(1.001, EXACTLY);
        assertThat(Quota.SUBSCRIBES.demand(MODEL, Pattern.MANAGED, one)).isCloseTo(0.001, EXACTLY);
        assertThat(Quota.CONNECTS.demand(MODEL, Pattern.CONNECT_PER_CALL, one)).isEqualTo(1);
        assertThat(Quota.PUBLISHES.demand(MODEL, Pattern.PER_CALL, one)).isEqualTo(2);
        assertThat(Quota.PUBLISHES.demand(MODEL, Pattern.DIRECT, one)).isEqualTo(1);
        assertThat(Quota.CONNECTIONS.demand(MODEL, Pattern.PER_CALL, one)).isCloseTo(4, EXACTLY);
        assertThat(Quota.CONNECTIONS.demand(MODEL, Pattern.MANAGED, one)).isEqualTo(3);
    }

    @Test
    void nonsense_is_refused() {
        assertThatThrownBy(() -> new Workload(Duration.ZERO, 512, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Workload(Duration.ofSeconds(1), 512, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PriceList(Map.of(Price.MESSAGE, -1.0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Assumptions(Duration.ZERO, Duration.ZERO, 1, 0, 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
