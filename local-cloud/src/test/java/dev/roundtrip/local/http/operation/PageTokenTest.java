package dev.roundtrip.local.http.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokenTest {

    @Test
    void token_leads_to_the_page_behind_its_name() throws Exception {
        assertThat(PageToken.name(PageToken.after("a/ö"))).isEqualTo("a/ö");
        assertThat(PageToken.name(null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "abcd", "_w", "YQ==", "YR", "a b", "\u00e9"})
    void text_that_was_never_given_is_refused(String token) {
        assertThatThrownBy(() -> PageToken.name(token)).isInstanceOf(Refusal.class);
    }
}
