package dev.roundtrip.benchmarks.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A row of the table says which variant it is. */
class VariantTest {

    @Test
    void every_variant_differs_from_the_others_and_has_a_name_of_its_own() {
        assertThat(Variant.all()).doesNotHaveDuplicates();
        assertThat(Variant.all()).extracting(Variant::name).doesNotHaveDuplicates();
    }
}
