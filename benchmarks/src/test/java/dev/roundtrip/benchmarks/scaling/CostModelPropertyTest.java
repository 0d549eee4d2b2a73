package dev.roundtrip.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class CostModelPropertyTest {
    private static CostModel model(double utilisation, long bytes) {
        return new CostModel(
                PriceList.LISTED,
                new Assumptions(Duration.ofMillis(112), Duration.ofMillis(6), 1000, utilisation, bytes, bytes, 1500));
    }

    private static double total(Pattern pattern, int millis, int memory, double rate) {
        return model(0.5, 1024)
                .bill(pattern, new Workload(Duration.ofMillis(millis), memory, rate))
                .total();
    }

    @Property
    void slower_devices_and_larger_functions_are_never_cheaper(
            @ForAll Pattern pattern,
            @ForAll @IntRange(min = 1, max = 60_000) int millis,
            @ForAll @IntRange(max = 60_000) int more,
            @ForAll @IntRange(min = 128, max = 10_240) int memory,
            @ForAll @DoubleRange(min = 0.01, max = 100_000) double rate) {
        double cost = total(pattern, millis, memory, rate);

        assertThat(total(pattern, millis + more, memory, rate)).isGreaterThanOrEqualTo(cost - 1e-9);
        assertThat(total(pattern, millis, memory + more, rate)).isGreaterThanOrEqualTo(cost - 1e-9);
    }

    @Property
    void warm_connection_is_cheaper_than_one_for_each_call(
            @ForAll @IntRange(min = 1, max = 60_000) int millis,
            @ForAll @IntRange(min = 128, max = 10_240) int memory,
            @ForAll @DoubleRange(min = 0.01, max = 100_000) double rate) {
        assertThat(total(Pattern.PER_CALL, millis, memory, rate))
                .isLessThan(total(Pattern.CONNECT_PER_CALL, millis, memory, rate));
    }

    @Property
    void on_demand_price_of_a_call_does_not_depend_on_how_many_there_are(
            @ForAll @IntRange(min = 1, max = 60_000) int millis,
            @ForAll @DoubleRange(min = 0.01, max = 100_000) double rate) {
        assertThat(total(Pattern.PER_CALL, millis, 512, rate))
                .isCloseTo(total(Pattern.PER_CALL, millis, 512, 1), within(1e-6));
    }

    @Property
    void no_managed_environment_is_asked_for_more_than_it_may_carry(
            @ForAll @IntRange(min = 1, max = 60_000) int millis,
            @ForAll @DoubleRange(min = 0.01, max = 100_000) double rate,
            @ForAll @DoubleRange(min = 0.05, max = 1) double utilisation) {
        CostModel model = model(utilisation, 1024);
        Workload workload = new Workload(Duration.ofMillis(millis), 2048, rate);

        long environments = model.sizing(workload).environments();

        assertThat(environments).isGreaterThanOrEqualTo(3);
        assertThat(2 * rate / environments).isLessThanOrEqualTo(100 * utilisation + 1e-6);
        assertThat(rate * model.seconds(Pattern.MANAGED, workload.latency()) / environments)
                .isLessThanOrEqualTo(32 * utilisation + 1e-6);
    }

    @Property
    void messages_are_metered_by_five_kilobytes_begun(
            @ForAll Pattern pattern, @ForAll @LongRange(min = 1, max = 131_072) long bytes) {
        Bill bill = model(0.5, bytes).bill(pattern, new Workload(Duration.ofSeconds(1), 512, 100));

        double units = Math.floor((bytes + 5119) / 5120.0);
        double both = bill.usd(Bill.Item.PUBLISHES) + bill.usd(Bill.Item.DELIVERIES) + bill.usd(Bill.Item.DIRECT);
        assertThat(both).isCloseTo(4 * units, within(1e-9));
    }
}
