package dev.roundtrip.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class KeyHashTest {

    /** The values are those of docs/protocol.md, made by another program. */
    @Test
    void hash_is_the_one_of_the_contract() {
        assertThat(KeyHash.of("123456789012", "AIDAEXAMPLE", "gw", "pump-1", "start", "order-7"))
                .isEqualTo("ANaNJNI4gM7ZtxPCNzw_9dex6m8peN6MGb8rdAaVx2g");
        assertThat(KeyHash.of("{\"rpm\":900}", "7", "6")).isEqualTo("p406zbd9FqPt4y_Elj7_uKhXMk4f45oGPUREG-FpAOQ");
    }

    @Property
    void other_texts_have_another_hash_even_when_they_read_the_same_in_a_row(
            @ForAll String first, @ForAll @NotEmpty String second) {
        assertThat(KeyHash.of(first, second)).isNotEqualTo(KeyHash.of(first + second, ""));
        assertThat(KeyHash.of(first, second, "")).isNotEqualTo(KeyHash.of(first, second));
    }
}
